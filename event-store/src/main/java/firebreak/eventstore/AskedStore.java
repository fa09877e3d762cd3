package firebreak.eventstore;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The store as one asker has it: questions end when the asker has gone. */
record AskedStore(LuceneEventStore store, Asker asker) implements EventStore {

  @Override
  public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
    return store.append(dataset, events, key);
  }

  @Override
  public QueryResult query(Query query) {
    return store.query(query, asker);
  }

  @Override
  public Contrast contrast(Selection selection) {
    return store.contrast(selection, asker);
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    return store.patterns(selection, terms, asker);
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    store.scan(datasets, range, filter, fields, visitor, asker);
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

  /** Leaves the store open: it has other askers. */
  @Override
  public void close() {}
}
