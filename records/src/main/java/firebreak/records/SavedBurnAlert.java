package firebreak.records;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A burn alert that was made over the API, in Honeycomb's terms, and whether it is on.
 *
 * @param type {@code exhaustion_time} or {@code budget_rate}
 * @param minutes the exhaustion time, or the window of the rate
 * @param decreasePerMillion how far the budget falls in that window; zero for an exhaustion time
 * @param recipients whom to tell
 * @param triggeredAt the event time since which it is on; null while it is not
 */
public record SavedBurnAlert(
    String id,
    String slo,
    String description,
    String type,
    int minutes,
    int decreasePerMillion,
    List<Told> recipients,
    @Nullable Instant triggeredAt,
    Instant createdAt,
    Instant updatedAt) {

  /** One to tell: a recipient by its id, with its details as they were sent, JSON text. */
  public record Told(String recipient, String details) {}

  public SavedBurnAlert {
    recipients = List.copyOf(recipients);
  }

  /** The same, on since then, or off. */
  public SavedBurnAlert triggered(@Nullable Instant since) {
    return new SavedBurnAlert(
        id,
        slo,
        description,
        type,
        minutes,
        decreasePerMillion,
        recipients,
        since,
        createdAt,
        updatedAt);
  }
}
