package firebreak.slo;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The in-memory event store, with a place to lose time in: for tests of races. */
class HookedEventStore implements EventStore {
  private final EventStore store = EventStore.inMemory();
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public Durability append(String dataset, List<Event> added, @Nullable BatchKey key) {
    Durability kept = store.append(dataset, added, key);
    betweenStoredAndTold();
    listeners.forEach(listener -> listener.appended(dataset, added));
    return kept;
  }

  void betweenStoredAndTold() {}

  @Override
  public QueryResult query(Query query) {
    return store.query(query);
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return store.datasets();
  }

  @Override
  public void onAppend(AppendListener listener) {
    listeners.add(listener);
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
  public void close() {
    store.close();
  }
}
