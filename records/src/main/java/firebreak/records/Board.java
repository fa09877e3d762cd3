package firebreak.records;

import java.time.Instant;

/**
 * A board.
 *
 * @param body all of it as the API shows it, JSON text
 */
public record Board(String id, String body, Instant createdAt, Instant updatedAt) {}
