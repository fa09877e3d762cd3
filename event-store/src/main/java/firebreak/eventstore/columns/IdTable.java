package firebreak.eventstore.columns;

import java.util.Arrays;

/** Numbers the different longs it is shown, in the order of their first appearance, from 0 on. */
public final class IdTable {
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[16];
  private int[] slots = new int[64];
  private int size;

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
