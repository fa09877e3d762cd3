package firebreak.eventstore.columns;

import firebreak.eventstore.Value;

/** The values of one column in several rows, taken apart. */
final class KeyBatch {
  private final Key[] keys = new Key[Memtable.AT_ONCE];
  private final int[] hashes = new int[Memtable.AT_ONCE];

  KeyBatch() {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Key();
    }
  }

  void set(Value[] values, int count) {
    for (int i = 0; i < count; i++) {
      keys[i].set(values[i]);
    }
  }

  /** Works out the hashes of those from {@code from} to {@code to}, that one excluded. */
  void hash(int from, int to) {
    for (int i = from; i < to; i++) {
      hashes[i] = keys[i].hash();
    }
  }

  Kind kind(int index) {
    return keys[index].kind;
  }

  long first(int index) {
    return keys[index].first;
  }

  int hash(int index) {
    return hashes[index];
  }

  Key get(int index) {
    return keys[index];
  }
}
