package firebreak.eventstore.columns;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one dataset, column by column. What a part shows never changes: that of the memtable
 * shows the rows that were there when it was taken.
 *
 * <p>Within a part, rows of one time keep the order of their appending.
 */
public interface Part {
  /** Rows are read, and small columns counted, in blocks of so many; the last one may be short. */
  int BLOCK = 1 << 16;

  /** Names the part's content: no two parts that differ have the same in one process. */
  long id();

  int rows();

  /** The earliest time of a row, in nanoseconds since 1970. */
  long firstTime();

  /** The latest time of a row, in nanoseconds since 1970. */
  long lastTime();

  /** Whether the rows ascend by time; those of the memtable come as they were appended. */
  boolean isSorted();

  /** The time of each row, in nanoseconds since 1970. */
  Longs times();

  /** How many events each row stands for; null where each stands for itself alone. */
  @Nullable Longs sampleRates();

  /** The fields that at least one row has. */
  Set<String> fields();

  /** The column of a field; null where no row has it. */
  @Nullable Column column(String field);
}
