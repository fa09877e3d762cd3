package firebreak.records;

import java.time.Instant;

/**
 * A query that somebody asked, whatever the time it was asked about.
 *
 * @param spec as it was asked last, JSON text
 * @param who the name of the key, or who else asked
 * @param times how often
 * @param millis how long the last answer took
 * @param rows how many rows it had
 */
public record AskedQuery(
    String id,
    String dataset,
    String spec,
    String who,
    Instant firstAskedAt,
    Instant lastAskedAt,
    long times,
    long millis,
    int rows) {}
