package firebreak.records;

import java.time.Instant;

/**
 * Someone to tell, as made over the API.
 *
 * @param type such as {@code webhook} or {@code pagerduty}
 * @param details what the type needs, JSON text
 */
public record Recipient(
    String id, String type, String details, Instant createdAt, Instant updatedAt) {

  /** Details hold addresses and keys, which are never shown by accident. */
  @Override
  public String toString() {
    return "Recipient[id=%s, type=%s]".formatted(id, type);
  }
}
