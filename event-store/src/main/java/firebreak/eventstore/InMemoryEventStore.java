package firebreak.eventstore;

import firebreak.eventstore.SeenEvent.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The event store that keeps its events in a list: the definition of what the questions mean, in
 * the plainest code that answers them.
 */
final class InMemoryEventStore implements EventStore {
  private record Keyed(String dataset, EventKey key) {}

  private final List<Stored> stored = new ArrayList<>();
  private final Set<Keyed> keys = new HashSet<>();
  private final Map<List<String>, List<Instant>> batches = new HashMap<>();
  private final Catalogue catalogue = new Catalogue();
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
    List<Event> admitted = catalogue.admit(dataset, events);
    List<Event> kept = new ArrayList<>();
    synchronized (stored) {
      if (isRepeated(dataset, key)) {
        return Durability.DURABLE;
      }
      for (Event event : admitted) {
        EventKey known = EventKey.of(event);
        if (known == null || keys.add(new Keyed(dataset, known))) {
          stored.add(new Stored(dataset, event));
          kept.add(event);
        }
      }
    }
    if (!kept.isEmpty()) {
      catalogue.count(dataset, kept.size());
      listeners.forEach(listener -> listener.appended(dataset, kept));
    }
    return Durability.DURABLE;
  }

  private boolean isRepeated(String dataset, @Nullable BatchKey key) {
    if (key == null) {
      return false;
    }
    List<Instant> arrivals =
        batches.computeIfAbsent(List.of(dataset, key.text()), _ -> new ArrayList<>());
    if (arrivals.stream()
        .anyMatch(earlier -> key.arrived().isBefore(earlier.plus(Limits.BATCH_KEY_TIME)))) {
      return true;
    }
    arrivals.add(key.arrived());
    return false;
  }

  private List<SeenEvent> events(
      List<String> datasets, TimeRange range, Map<String, Formula> derived) {
    synchronized (stored) {
      List<Stored> asked =
          stored.stream()
              .filter(entry -> datasets.contains(entry.dataset()))
              .filter(entry -> range.contains(entry.event().time()))
              .toList();
      return SeenEvent.of(asked, derived);
    }
  }

  @Override
  public QueryResult query(Query query) {
    List<SeenEvent> examined = events(query.datasets(), query.range(), query.derived());
    List<SeenEvent> earlier =
        query.comparisonOffset().isZero()
            ? List.of()
            : events(query.datasets(), query.earlierRange(), query.derived());
    return new QueryDefinition(query).answer(examined, earlier);
  }

  @Override
  public Contrast contrast(Selection selection) {
    return new ContrastDefinition(selection).answer(within(selection));
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    if (terms.size() > Limits.PATTERN_TERMS) {
      throw new IllegalArgumentException(
          "patterns take %d terms, were %d".formatted(Limits.PATTERN_TERMS, terms.size()));
    }
    Map<Long, Weight> patterns = new TreeMap<>();
    for (SeenEvent event : within(selection)) {
      long mask = 0;
      for (int i = 0; i < terms.size(); i++) {
        mask |= terms.get(i).matches(event) ? 1L << i : 0;
      }
      patterns.merge(mask, ContrastDefinition.weight(event, selection), Weight::plus);
    }
    return patterns.entrySet().stream()
        .map(entry -> new Pattern(entry.getKey(), entry.getValue()))
        .toList();
  }

  private List<SeenEvent> within(Selection selection) {
    return events(selection.datasets(), selection.range(), selection.derived()).stream()
        .filter(selection.within()::matches)
        .toList();
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    for (SeenEvent seen : events(datasets, range, Map.of())) {
      Event event = seen.event();
      if (filter.matches(seen) && !visitor.visit(fields.isEmpty() ? event : only(event, fields))) {
        return;
      }
    }
  }

  private static Event only(Event event, List<String> fields) {
    Map<String, Value> named = new LinkedHashMap<>(event.fields());
    named.keySet().retainAll(fields);
    return new Event(event.time(), event.sampleRate(), named);
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return catalogue.datasets();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return catalogue.fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {}
}
