package firebreak.eventstore.columns;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of one column in the cache, empty or filled. Who reads the column asks here first and
 * reads it where it lies as long as the place is empty.
 *
 * @param <T> the decoded form
 */
final class CacheSlot<T> {
  /** Reading one row of many costs about as much as so many in succession. */
  static final int SINGLE_ROW = 4;

  /** Decoding pays when one in so many rows has been read. */
  private static final int PAYS = 4;

  private final ColumnCache cache;
  private final long bytes;
  private final int rows;
  private final Supplier<T> decode;
  private final AtomicBoolean decoding = new AtomicBoolean();
  private volatile @Nullable T decoded;
  private volatile boolean closed;

  /** Written by any reader; that one may overwrite another's does no harm. */
  private volatile long lastUse;

  private volatile long missed;

  CacheSlot(ColumnCache cache, long bytes, int rows, Supplier<T> decode) {
    this.cache = cache;
    this.bytes = bytes;
    this.rows = rows;
    this.decode = decode;
  }

  /**
   * The decoded column; null where it is to be read where it lies.
   *
   * @param reading how many rows will be read, in succession
   */
  @Nullable T get(long reading) {
    T there = decoded;
    if (there == null) {
      return missed(reading);
    }
    long now = cache.clock();
    if (lastUse != now) {
      lastUse = now;
    }
    return there;
  }

  /** The decoded column if it is there. */
  @Nullable T peek() {
    return decoded;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // an estimate; a lost update does no harm
  private @Nullable T missed(long reading) {
    missed += reading;
    if (missed < rows / PAYS || closed || !decoding.compareAndSet(false, true)) {
      return null;
    }
    try {
      return decoded == null ? fill() : decoded;
    } finally {
      decoding.set(false);
    }
  }

  private @Nullable T fill() {
    if (!cache.reserve(this, missed > 2L * rows)) {
      return null;
    }
    T made = null;
    try {
      made = decode.get();
      lastUse = cache.clock();
      missed = 0;
      decoded = made;
      return made;
    } finally {
      if (made == null || closed) {
        decoded = null;
        cache.release(this);
      }
    }
  }

  boolean isFilled() {
    return decoded != null;
  }

  long bytes() {
    return bytes;
  }

  long lastUse() {
    return lastUse;
  }

  /** Forgets the decoded column; who reads it at the moment keeps it as long. */
  void empty() {
    decoded = null;
    missed = 0;
  }

  /** Empties the place for good. */
  void close() {
    closed = true;
    decoded = null;
    cache.release(this);
  }
}
