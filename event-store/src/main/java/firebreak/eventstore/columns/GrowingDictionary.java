package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.util.Arrays;

/**
 * A dictionary to which values are added. Its arrays only ever grow at their end or are replaced by
 * longer ones, so {@link #view} shares them.
 *
 * <p>Written by one thread at a time.
 */
final class GrowingDictionary implements KeyedDictionary {
  private static final int FIRST_CAPACITY = 16;
  private static final long[] NO_LONGS = {};
  private static final String[] NO_TEXTS = {};
  private static final int TEXT_OVERHEAD = 48;

  /** So many other values in the way of one are not there by chance. */
  private static final int MOST_STEPS = 256;

  /** Shows in nothing but the time that hostile values take. */
  private static final long SECRET = System.nanoTime() | 1;

  /** From so many slots on they are not all near the processor. */
  private static final int LARGE = 1 << 13;

  private byte[] kinds = new byte[FIRST_CAPACITY];
  private long[] firsts = NO_LONGS;
  private long[] seconds = NO_LONGS;
  private String[] texts = NO_TEXTS;
  private int size;

  private long textBytes;
  private int numbers;
  private int reals;
  private int unsafeWholes;

  private boolean guarded;

  /** A code in the low half and the hash of its value in the high half; 0 where free. */
  private long[] slots = new long[4 * FIRST_CAPACITY];

  /** The code of a value, a new one if it has none yet. */
  int add(Key key) {
    return add(key, key.hash());
  }

  /** The code of one of several values, a new one if it has none yet. */
  int add(KeyBatch keys, int index) {
    return add(keys.get(index), keys.hash(index));
  }

  /**
   * Makes room for those of several values that cannot be there yet. Looking for them one right
   * after the other, the memory brings all places at once, where they are still at hand for adding.
   */
  void prepare(KeyBatch keys, int from, int to) {
    if (slots.length < LARGE || guarded) {
      return;
    }
    int mask = slots.length - 1;
    int free = 0;
    for (int i = from; i < to; i++) {
      free += slots[keys.hash(i) & mask] == 0 ? 1 : 0;
    }
    if (2 * (size + free + 1) > slots.length) {
      rehash();
    }
  }

  private int add(Key key, int plainHash) {
    int hash = guarded ? key.hash(SECRET) : plainHash;
    int mask = slots.length - 1;
    int slot = hash & mask;
    int steps = 0;
    while (slots[slot] != 0) {
      int code = (int) slots[slot];
      if ((int) (slots[slot] >>> 32) == hash && isAt(code, key)) {
        return code;
      }
      slot = (slot + 1) & mask;
      steps++;
    }
    if (steps > MOST_STEPS && !guarded) {
      guard();
      return add(key, plainHash);
    }
    slots[slot] = (long) hash << 32 | (size + 1);
    append(key);
    return size;
  }

  /**
   * Someone chooses values that get into each other's way: from now on, hashes are such as none can
   * foresee.
   */
  private void guard() {
    guarded = true;
    slots = new long[slots.length];
    int mask = slots.length - 1;
    Key known = new Key();
    for (int code = 1; code <= size; code++) {
      key(code, known);
      int hash = known.hash(SECRET);
      int slot = hash & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = (long) hash << 32 | code;
    }
  }

  private boolean isAt(int code, Key key) {
    if (kinds[code] != key.kind.number()) {
      return false;
    }
    return switch (key.kind) {
      case FALSE, TRUE -> true;
      case WHOLE, REAL, HEX_16 -> firsts[code] == key.first;
      case HEX_32, UUID -> firsts[code] == key.first && seconds[code] == key.second;
      case TEXT -> texts[code].equals(key.text);
    };
  }

  private void append(Key key) {
    int code = size + 1;
    if (code >= kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * kinds.length);
    }
    kinds[code] = key.kind.number();
    switch (key.kind) {
      case TEXT -> {
        if (code >= texts.length) {
          texts = Arrays.copyOf(texts, kinds.length);
        }
        texts[code] = key.text;
        textBytes += TEXT_OVERHEAD + key.text.length();
      }
      case WHOLE, REAL, HEX_16 -> setFirst(code, key.first);
      case HEX_32, UUID -> {
        setFirst(code, key.first);
        if (code >= seconds.length) {
          seconds = Arrays.copyOf(seconds, kinds.length);
        }
        seconds[code] = key.second;
      }
      case FALSE, TRUE -> {}
    }
    countNumber(key);
    size = code;
    if (2 * (size + 1) > slots.length) {
      rehash();
    }
  }

  private void setFirst(int code, long first) {
    if (code >= firsts.length) {
      firsts = Arrays.copyOf(firsts, kinds.length);
    }
    firsts[code] = first;
  }

  private void countNumber(Key key) {
    if (key.kind.isNumber()) {
      numbers++;
      if (key.kind == Kind.REAL) {
        reals++;
      } else if (!ExactNumbers.isSafe(key.first)) {
        unsafeWholes++;
      }
    }
  }

  private void rehash() {
    long[] before = slots;
    slots = new long[2 * before.length];
    int mask = slots.length - 1;
    for (long entry : before) {
      if (entry != 0) {
        int slot = (int) (entry >>> 32) & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = entry;
      }
    }
  }

  /** Whether there is nothing but numbers, and one form in which all of them are exact. */
  boolean isMeasurable() {
    return numbers == size && (reals == 0 || unsafeWholes == 0);
  }

  /** Whether all of its numbers are whole. */
  boolean isWhole() {
    return reals == 0;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void key(int code, Key into) {
    fill(Kind.of(kinds[code]), code, firsts, seconds, texts, into);
  }

  @Override
  public int code(Value value) {
    return code(new Key(value));
  }

  /** The code of a value; 0 where it has none. */
  int code(Key key) {
    int hash = guarded ? key.hash(SECRET) : key.hash();
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int code = (int) slots[slot];
      if ((int) (slots[slot] >>> 32) == hash && isAt(code, key)) {
        return code;
      }
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  /** About how much memory it takes. */
  long bytes() {
    return kinds.length
        + Long.BYTES * ((long) firsts.length + seconds.length + slots.length)
        + Integer.BYTES * (long) texts.length
        + textBytes;
  }

  private static void fill(
      Kind kind, int code, long[] firsts, long[] seconds, String[] texts, Key into) {
    switch (kind) {
      case TEXT -> into.setPlain(texts[code]);
      case WHOLE, REAL, HEX_16 -> into.set(kind, firsts[code], 0);
      case HEX_32, UUID -> into.set(kind, firsts[code], seconds[code]);
      case FALSE, TRUE -> into.set(kind, 0, 0);
    }
  }

  /**
   * What it holds now, for other threads to read while values are added.
   *
   * @param lock held by whoever adds values
   */
  KeyedDictionary view(Object lock) {
    return new View(this, lock, kinds, firsts, seconds, texts, size);
  }

  private static final class View implements KeyedDictionary {
    private final GrowingDictionary origin;
    private final Object lock;
    private final byte[] kinds;
    private final long[] firsts;
    private final long[] seconds;
    private final String[] texts;
    private final int size;

    View(
        GrowingDictionary origin,
        Object lock,
        byte[] kinds,
        long[] firsts,
        long[] seconds,
        String[] texts,
        int size) {
      this.origin = origin;
      this.lock = lock;
      this.kinds = kinds;
      this.firsts = firsts;
      this.seconds = seconds;
      this.texts = texts;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void key(int code, Key into) {
      fill(Kind.of(kinds[code]), code, firsts, seconds, texts, into);
    }

    @Override
    public Object origin() {
      return origin;
    }

    @Override
    public double number(int code) {
      Kind kind = Kind.of(kinds[code]);
      return kind.isNumber() ? Key.number(kind, firsts[code]) : Double.NaN;
    }

    @Override
    public int code(Value value) {
      synchronized (lock) {
        int code = origin.code(value);
        return code > size ? 0 : code;
      }
    }
  }
}
