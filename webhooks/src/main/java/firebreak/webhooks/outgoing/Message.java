package firebreak.webhooks.outgoing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell people, enough to act on: what burns, what did it, what was done, one link.
 *
 * @param key names this message; a receiver that gets it twice can tell by it
 * @param subject names what it is about, the same in all messages about one incident
 * @param title one line
 * @param lines the rest, each a sentence or two
 * @param link where to look and act; may be empty
 * @param labels figures and names for machines
 * @param endsAt when it was over; null while it goes on
 */
public record Message(
    String key,
    String subject,
    Severity severity,
    String title,
    List<String> lines,
    String link,
    Map<String, String> labels,
    Instant startsAt,
    @Nullable Instant endsAt) {

  /** How soon a person should look. */
  public enum Severity {
    CRITICAL,
    WARNING,
    INFO
  }

  public Message {
    lines = List.copyOf(lines);
    labels = Map.copyOf(labels);
  }

  boolean isOver() {
    return endsAt != null;
  }
}
