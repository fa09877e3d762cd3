package firebreak.deploytracker;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The in-memory event store on a disk that can be full. */
final class FaultyStore implements EventStore {
  private final EventStore store = EventStore.inMemory();
  private volatile boolean full;

  void fillDisk() {
    full = true;
  }

  void freeDisk() {
    full = false;
  }

  /** What the change log has kept. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    TimeRange always = new TimeRange(Telling.EARLIEST, Telling.LATEST);
    scan(List.of(ChangeLog.DATASET), always, Filter.ALL, List.of(), events::add);
    return events;
  }

  @Override
  public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
    if (full) {
      throw new UncheckedIOException(new IOException("no space left on device"));
    }
    Durability kept = store.append(dataset, events, key);
    return kept;
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    store.scan(datasets, range, filter, fields, visitor);
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
  public SortedMap<String, Long> datasets() {
    return store.datasets();
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
