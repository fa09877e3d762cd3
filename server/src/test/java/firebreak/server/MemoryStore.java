package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps events in a map, for tests of what gets as far as the store. */
final class MemoryStore implements EventStore {
  private final SortedMap<String, List<Event>> events = new TreeMap<>();
  private @Nullable RuntimeException trouble;

  /** From now on every append fails with this. */
  void failWith(RuntimeException failure) {
    trouble = failure;
  }

  synchronized List<Event> events(String dataset) {
    return List.copyOf(events.getOrDefault(dataset, List.of()));
  }

  @Override
  public synchronized void append(String dataset, List<Event> added) {
    if (trouble != null) {
      throw trouble;
    }
    events.computeIfAbsent(dataset, _ -> new ArrayList<>()).addAll(added);
  }

  @Override
  public synchronized SortedMap<String, Long> datasets() {
    SortedMap<String, Long> counts = new TreeMap<>();
    events.forEach((dataset, list) -> counts.put(dataset, (long) list.size()));
    return counts;
  }

  @Override
  public QueryResult query(Query query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Contrast contrast(Selection selection) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onAppend(AppendListener listener) {}

  @Override
  public void close() {}
}
