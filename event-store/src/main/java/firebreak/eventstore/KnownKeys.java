package firebreak.eventstore;

import java.util.function.IntPredicate;

/** The rows in memory that have a key, found by its fingerprint. */
final class KnownKeys {
  private static final int EMPTY = 0;

  private long[] fingerprints = new long[64];

  /** Row numbers plus one. */
  private int[] rows = new int[64];

  private int size;

  /** Whether a row is known by the key; {@code isOf} tells of those that may be. */
  boolean contains(EventKey key, IntPredicate isOf) {
    long fingerprint = key.fingerprint();
    int mask = rows.length - 1;
    for (int slot = (int) fingerprint & mask; rows[slot] != EMPTY; slot = (slot + 1) & mask) {
      if (fingerprints[slot] == fingerprint && isOf.test(rows[slot] - 1)) {
        return true;
      }
    }
    return false;
  }

  void add(EventKey key, int row) {
    if (2 * size >= rows.length) {
      grow();
    }
    put(key.fingerprint(), row + 1);
    size++;
  }

  private void put(long fingerprint, int row) {
    int mask = rows.length - 1;
    int slot = (int) fingerprint & mask;
    while (rows[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    fingerprints[slot] = fingerprint;
    rows[slot] = row;
  }

  private void grow() {
    long[] oldFingerprints = fingerprints;
    int[] oldRows = rows;
    fingerprints = new long[2 * oldRows.length];
    rows = new int[2 * oldRows.length];
    for (int i = 0; i < oldRows.length; i++) {
      if (oldRows[i] != EMPTY) {
        put(oldFingerprints[i], oldRows[i]);
      }
    }
  }

  long bytes() {
    return (long) (Long.BYTES + Integer.BYTES) * rows.length;
  }
}
