package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.AskedQuery;
import firebreak.records.Kept;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which queries and BubbleUps were asked, by whom and how often. The same question about another
 * time is the same query. Of more than {@link #KEPT} those go that nobody has asked for longest.
 *
 * <p>Nobody waits for it: what is new is written down once a second, so a crash loses a second.
 */
final class AskedQueries implements AutoCloseable {
  static final int KEPT = 5_000;

  /** Characters of a query; one that is longer is not remembered. */
  static final int SPEC_CHARS = 16_000;

  private static final Logger LOG = LoggerFactory.getLogger(AskedQueries.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Set<String> TIME = Set.of("start_time", "end_time", "time_range");

  private final Kept<AskedQuery> kept;

  /** All of them, who was asked for longest ago first. */
  private final Map<String, AskedQuery> all = new LinkedHashMap<>();

  private final Map<String, AskedQuery> unwritten = new LinkedHashMap<>();
  private final List<String> dropped = new ArrayList<>();
  private final Thread writer;
  private boolean closed;

  AskedQueries(Kept<AskedQuery> kept) {
    this.kept = kept;
    kept.all().stream()
        .sorted(Comparator.comparing(AskedQuery::lastAskedAt))
        .forEach(asked -> all.put(asked.id(), asked));
    writer = Thread.ofVirtual().name("asked-queries").start(this::writeNowAndThen);
  }

  synchronized void asked(
      String who, String dataset, JsonNode spec, Instant now, Duration took, int rows) {
    String text = spec.toString();
    if (text.length() > SPEC_CHARS || closed) {
      return;
    }
    ObjectNode timeless = spec.deepCopy();
    withoutTime(timeless);
    String id =
        UUID.nameUUIDFromBytes(
                String.join("\n", who, dataset, timeless.toString())
                    .getBytes(StandardCharsets.UTF_8))
            .toString();
    AskedQuery before = all.remove(id);
    AskedQuery asked =
        new AskedQuery(
            id,
            dataset,
            text,
            who,
            before == null ? now : before.firstAskedAt(),
            now,
            before == null ? 1 : before.times() + 1,
            took.toMillis(),
            rows);
    all.put(id, asked);
    unwritten.put(id, asked);
    if (all.size() > KEPT) {
      String oldest = all.keySet().iterator().next();
      all.remove(oldest);
      unwritten.remove(oldest);
      dropped.add(oldest);
    }
  }

  /** Takes the time away from a question, and from what it consists of: a BubbleUp's box. */
  private static void withoutTime(ObjectNode spec) {
    spec.remove(TIME);
    for (JsonNode part : spec) {
      if (part instanceof ObjectNode object) {
        withoutTime(object);
      }
    }
  }

  /** Those in which all the words are, the newest first. */
  synchronized List<AskedQuery> find(String words, int limit) {
    List<String> wanted =
        List.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+")).stream().distinct().toList();
    return new ArrayList<>(all.values())
        .reversed().stream()
            .filter(asked -> wanted.stream().allMatch(text(asked)::contains))
            .limit(limit)
            .toList();
  }

  private static String text(AskedQuery asked) {
    return String.join(" ", asked.spec(), asked.dataset(), asked.who()).toLowerCase(Locale.ROOT);
  }

  private void writeNowAndThen() {
    while (!isClosed()) {
      try {
        Thread.sleep(EVERY);
        write();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("queries that were asked cannot be written down: {}", e.getMessage());
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void write() {
    List<AskedQuery> due;
    List<String> gone;
    synchronized (this) {
      due = List.copyOf(unwritten.values());
      gone = List.copyOf(dropped);
      unwritten.clear();
      dropped.clear();
    }
    gone.forEach(kept::delete);
    due.forEach(kept::save);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    writer.interrupt();
    try {
      writer.join(EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }
}
