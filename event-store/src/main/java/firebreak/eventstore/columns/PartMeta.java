package firebreak.eventstore.columns;

import java.util.SortedSet;

/**
 * What is to be known of a part file without opening it.
 *
 * @param rows how many rows it holds; 0 where none was to be written, and then there is no file
 * @param firstTime the earliest time of a row, in nanoseconds since 1970
 * @param lastTime the latest time of a row, in nanoseconds since 1970
 * @param bytes the size of the file
 * @param checksum what the file's footer says the file sums up to
 */
public record PartMeta(
    String file,
    int rows,
    long firstTime,
    long lastTime,
    long bytes,
    long checksum,
    SortedSet<String> fields) {}
