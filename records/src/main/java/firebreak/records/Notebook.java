package firebreak.records;

import java.time.Instant;

/**
 * An ordered chain of questions, each with what it saw.
 *
 * @param body all of it as the API shows it, JSON text
 */
public record Notebook(String id, String body, Instant createdAt, Instant updatedAt) {}
