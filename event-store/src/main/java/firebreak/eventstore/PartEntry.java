package firebreak.eventstore;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/**
 * What the index says of a part file.
 *
 * @param firstTime the earliest time of a row, in nanoseconds since 1970
 * @param firstSequence the number of the first change of which rows may be in it
 * @param lastSequence the number of the last one
 * @param bytes the size of the file
 * @param checksum what the file says it sums up to
 * @param lookups the fields of which the index has all values
 */
record PartEntry(
    String dataset,
    String file,
    int rows,
    long firstTime,
    long lastTime,
    long firstSequence,
    long lastSequence,
    long bytes,
    long checksum,
    Set<String> lookups) {
  private static final long SLICE = Duration.ofDays(1).toNanos();

  PartEntry {
    lookups = Set.copyOf(lookups);
  }

  /** The numbers as text, for {@link #of}. */
  String numbers() {
    return "%d %d %d %d %d %d %d"
        .formatted(rows, firstTime, lastTime, firstSequence, lastSequence, bytes, checksum);
  }

  static PartEntry of(String dataset, String file, String numbers, Set<String> lookups) {
    long[] parsed = Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
    return new PartEntry(
        dataset,
        file,
        (int) parsed[0],
        parsed[1],
        parsed[2],
        parsed[3],
        parsed[4],
        parsed[5],
        parsed[6],
        lookups);
  }

  boolean overlaps(PartEntry other) {
    return firstTime <= other.lastTime && other.firstTime <= lastTime;
  }

  /** The number of the day, counted from 1970, into which all rows of the part fall. */
  long slice() {
    return slice(firstTime);
  }

  static long slice(long time) {
    return Math.floorDiv(time, SLICE);
  }

  static long start(long slice) {
    return slice * SLICE;
  }

  /** The first time after a slice. */
  static long end(long slice) {
    return (slice + 1) * SLICE;
  }
}
