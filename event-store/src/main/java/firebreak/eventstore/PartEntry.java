package firebreak.eventstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

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
  private static final int PLAIN_NUMBERS = 7;

  /** Before the checksum; no single bit turns it into part of a number. */
  private static final String SUM = " #";

  private static final long SLICE = Duration.ofDays(1).toNanos();

  PartEntry {
    lookups = Set.copyOf(lookups);
  }

  /** The numbers as text, for {@link #of}, the last a checksum of the whole entry. */
  String numbers() {
    return plainNumbers() + SUM + sum();
  }

  /** A checksum of the whole entry. */
  long sum() {
    return sum(dataset, file, plainNumbers(), lookups);
  }

  private String plainNumbers() {
    return "%d %d %d %d %d %d %d"
        .formatted(rows, firstTime, lastTime, firstSequence, lastSequence, bytes, checksum);
  }

  /**
   * The entry as it was written. Those of the first releases have no checksum.
   *
   * @throws IOException if it is not what was written: Lucene verifies checksums of whole files on
   *     request only, and a wrong time would hide events
   */
  static PartEntry of(String dataset, String file, String numbers, Set<String> lookups)
      throws IOException {
    int end = numbers.indexOf(SUM);
    String plain = end < 0 ? numbers : numbers.substring(0, end);
    String sum = end < 0 ? "" : numbers.substring(end + SUM.length());
    String[] texts = plain.split(" ", -1);
    boolean isWhole = sum.isEmpty() || sum.equals("" + sum(dataset, file, plain, lookups));
    if (isWhole && texts.length == PLAIN_NUMBERS) {
      try {
        return of(
            dataset, file, Arrays.stream(texts).mapToLong(Long::parseLong).toArray(), lookups);
      } catch (NumberFormatException e) {
        // Told below, like any other that is not what was written.
      }
    }
    throw new IOException(
        "The index is damaged: its entry of the part file %s is not what was written. Restore it from a snapshot."
            .formatted(file));
  }

  private static PartEntry of(String dataset, String file, long[] numbers, Set<String> lookups) {
    return new PartEntry(
        dataset,
        file,
        (int) numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        lookups);
  }

  private static long sum(String dataset, String file, String numbers, Set<String> lookups) {
    CRC32C sum = new CRC32C();
    for (String text : List.of(dataset, file, numbers, new TreeSet<>(lookups).toString())) {
      sum.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return sum.getValue();
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
