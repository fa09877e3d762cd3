package firebreak.server;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A store in memory that also shows what was appended, as it came, and fails when told to. */
final class MemoryStore implements EventStore {
  private final EventStore store = EventStore.inMemory();
  private final Map<String, List<Event>> events = new HashMap<>();
  private final List<@Nullable BatchKey> keys = new ArrayList<>();
  private final Set<String> fast = new HashSet<>();
  private @Nullable RuntimeException trouble;

  /** From now on every append fails with this. */
  void failWith(RuntimeException failure) {
    trouble = failure;
  }

  synchronized List<Event> events(String dataset) {
    return List.copyOf(events.getOrDefault(dataset, List.of()));
  }

  /** From now on appends to the dataset are acknowledged as less safe. */
  synchronized void acknowledgeAsFast(String dataset) {
    fast.add(dataset);
  }

  /** The names of the batches, as they came. */
  synchronized List<@Nullable BatchKey> keys() {
    return new ArrayList<>(keys);
  }

  @Override
  public synchronized Durability append(String dataset, List<Event> added, @Nullable BatchKey key) {
    if (trouble != null) {
      throw trouble;
    }
    store.append(dataset, added, key);
    keys.add(key);
    events.computeIfAbsent(dataset, _ -> new ArrayList<>()).addAll(added);
    return fast.contains(dataset) ? Durability.FAST : Durability.DURABLE;
  }

  @Override
  public synchronized SortedMap<String, Long> datasets() {
    return store.datasets();
  }

  @Override
  public QueryResult query(Query query) {
    return store.query(query);
  }

  @Override
  public Contrast contrast(Selection selection) {
    return store.contrast(selection);
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    return store.patterns(selection, terms);
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    store.scan(datasets, range, filter, fields, visitor);
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return store.fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    store.onAppend(listener);
  }

  @Override
  public void close() {
    store.close();
  }
}
