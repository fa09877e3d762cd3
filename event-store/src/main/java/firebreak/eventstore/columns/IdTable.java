package firebreak.eventstore.columns;

import java.util.Arrays;

/** Numbers the different longs it is shown, in the order of their first appearance, from 0 on. */
public final class IdTable {
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private static final int LEAST = 16;

  private long[] keys;
  private int[] slots;
  private int size;

  public IdTable() {
    this(LEAST);
  }

  /** A table with room for so many keys; it grows when there are more. */
  public IdTable(int expected) {
    int room = Math.max(LEAST, Integer.highestOneBit(Math.max(1, 2 * expected - 1)));
    keys = new long[room];
    slots = new int[4 * room];
  }

  /** The number of a key, a new one if it has none yet. */
  public int id(long key) {
    int mask = slots.length - 1;
    int slot = slot(key, mask);
    while (slots[slot] != 0) {
      int id = slots[slot] - 1;
      if (keys[id] == key) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    if (size == keys.length) {
      grow();
      return id(key);
    }
    keys[size] = key;
    slots[slot] = ++size;
    return size - 1;
  }

  /** Whether a key has a number. */
  public boolean contains(long key) {
    int mask = slots.length - 1;
    int slot = slot(key, mask);
    while (slots[slot] != 0 && keys[slots[slot] - 1] != key) {
      slot = (slot + 1) & mask;
    }
    return slots[slot] != 0;
  }

  /** The number of a pair of ints. */
  public int id(int high, int low) {
    return id(((long) high << 32) | (low & 0xFFFF_FFFFL));
  }

  /** Whether a pair of ints is seen for the first time. */
  public boolean isNew(int high, int low) {
    int before = size;
    return id(high, low) == before;
  }

  public long key(int id) {
    return keys[id];
  }

  public int high(int id) {
    return (int) (keys[id] >>> 32);
  }

  public int low(int id) {
    return (int) keys[id];
  }

  public int size() {
    return size;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, 2 * keys.length);
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = slot(keys[id], mask);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id + 1;
    }
  }

  private static int slot(long key, int mask) {
    long mixed = (key ^ (key >>> 32)) * MIX;
    return (int) (mixed ^ (mixed >>> 32)) & mask;
  }
}
