package firebreak.records;

import java.time.Instant;

/** The moment before which nothing counts for an objective, with who said so. */
public record Reset(String slo, Instant at, String author, String note) {}
