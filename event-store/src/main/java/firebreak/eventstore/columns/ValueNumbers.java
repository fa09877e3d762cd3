package firebreak.eventstore.columns;

import firebreak.eventstore.Value;

/**
 * Numbers different values from 1 on, in the order in which they are first shown, across the
 * dictionaries of many parts. For use by many threads at once.
 */
public final class ValueNumbers {
  private static final int BATCH = 256;

  private final GrowingDictionary numbers = new GrowingDictionary();

  /** The number of a value, a new one if it has none yet. */
  public int number(Value value) {
    Key key = new Key(value);
    synchronized (numbers) {
      return numbers.add(key);
    }
  }

  /**
   * Puts in the place of a dictionary's codes the numbers of their values, new ones for those that
   * have none yet.
   */
  public void number(Dictionary dictionary, int[] codes, int from, int to) {
    KeyedDictionary keyed = KeyedDictionary.of(dictionary);
    Key[] keys = new Key[Math.min(BATCH, to - from)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new Key();
    }
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      for (int i = 0; i < count; i++) {
        keyed.key(codes[start + i], keys[i]);
      }
      synchronized (numbers) {
        for (int i = 0; i < count; i++) {
          codes[start + i] = numbers.add(keys[i]);
        }
      }
    }
  }

  /** The number of the value of one code, a new one if it has none yet. */
  public int number(Dictionary dictionary, int code) {
    Key key = new Key();
    KeyedDictionary.of(dictionary).key(code, key);
    synchronized (numbers) {
      return numbers.add(key);
    }
  }

  /** The number of a value; 0 where it has none. */
  public int find(Value value) {
    synchronized (numbers) {
      return numbers.code(value);
    }
  }

  /** The value of a number. */
  public Value value(int number) {
    synchronized (numbers) {
      return numbers.value(number);
    }
  }

  /** The highest number. */
  public int size() {
    synchronized (numbers) {
      return numbers.size();
    }
  }

  /** About how much memory they take. */
  public long bytes() {
    synchronized (numbers) {
      return numbers.bytes();
    }
  }
}
