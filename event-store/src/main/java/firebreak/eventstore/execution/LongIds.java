package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Numbers from 1 on for longs. Looking up takes no lock; only one thread at a time may {@link
 * #put}.
 */
final class LongIds {
  private static final VarHandle IDS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final long MIX = 0x9E3779B97F4A7C15L;

  @SuppressWarnings("ArrayRecordComponent")
  private record Table(long[] keys, int[] ids) {
    Table(int slots) {
      this(new long[slots], new int[slots]);
    }

    int get(long key) {
      int mask = ids.length - 1;
      int slot = slot(key) & mask;
      while (true) {
        int id = (int) IDS.getAcquire(ids, slot);
        if (id == Column.ABSENT || keys[slot] == key) {
          return id;
        }
        slot = (slot + 1) & mask;
      }
    }

    void put(long key, int id) {
      int mask = ids.length - 1;
      int slot = slot(key) & mask;
      while (ids[slot] != Column.ABSENT) {
        slot = (slot + 1) & mask;
      }
      keys[slot] = key;
      IDS.setRelease(ids, slot, id);
    }

    private static int slot(long key) {
      long mixed = (key ^ (key >>> 32)) * MIX;
      return (int) (mixed ^ (mixed >>> 32));
    }
  }

  private volatile Table table = new Table(64);
  private int size;

  /** The number of a key; 0 where it has none, or had none a moment ago. */
  int get(long key) {
    return table.get(key);
  }

  /** Gives a number to a key that has none. */
  void put(long key, int id) {
    Table before = table;
    if (2 * ++size > before.ids().length) {
      Table grown = new Table(2 * before.ids().length);
      for (int slot = 0; slot < before.ids().length; slot++) {
        if (before.ids()[slot] != Column.ABSENT) {
          grown.put(before.keys()[slot], before.ids()[slot]);
        }
      }
      grown.put(key, id);
      table = grown;
    } else {
      before.put(key, id);
    }
  }
}
