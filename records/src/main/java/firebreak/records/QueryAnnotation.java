package firebreak.records;

import java.time.Instant;

/** A name and a description that someone has given to a query. */
public record QueryAnnotation(
    String id,
    String dataset,
    String name,
    String description,
    String query,
    Instant createdAt,
    Instant updatedAt) {}
