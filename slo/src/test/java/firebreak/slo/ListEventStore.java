package firebreak.slo;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An event store in a list that counts, and does nothing else. */
class ListEventStore implements EventStore {
  private record Stored(String dataset, Event event) {}

  private final List<Stored> events = new ArrayList<>();
  private final List<AppendListener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void append(String dataset, List<Event> added) {
    synchronized (events) {
      added.forEach(event -> events.add(new Stored(dataset, event)));
    }
    betweenStoredAndTold();
    listeners.forEach(listener -> listener.appended(dataset, added));
  }

  /** A place to lose time in, for tests of races. */
  void betweenStoredAndTold() {}

  @Override
  public QueryResult query(Query query) {
    long width = query.granularity().toSeconds();
    TreeMap<Long, long[]> buckets = new TreeMap<>();
    long examined = 0;
    synchronized (events) {
      for (Stored stored : events) {
        Event event = stored.event;
        if (query.datasets().contains(stored.dataset)
            && query.range().contains(event.time())
            && query.filter().matches(event)) {
          examined++;
          long start = Math.floorDiv(event.time().getEpochSecond(), width) * width;
          long[] counts =
              buckets.computeIfAbsent(start, key -> new long[query.calculations().size()]);
          for (int i = 0; i < counts.length; i++) {
            Calculation calculation = query.calculations().get(i);
            counts[i] += calculation.filter().matches(event) ? event.sampleRate() : 0;
          }
        }
      }
    }
    List<QueryResult.Point> series = new ArrayList<>();
    buckets.forEach(
        (start, counts) -> {
          List<QueryResult.Cell> cells = new ArrayList<>();
          for (long count : counts) {
            cells.add(new QueryResult.Cell.Figure(count));
          }
          series.add(new QueryResult.Point(Instant.ofEpochSecond(start), cells));
        });
    QueryResult.Row row = new QueryResult.Row(List.of(), List.of(), series, List.of());
    return new QueryResult(List.of(row), row, row, examined);
  }

  @Override
  public SortedMap<String, Long> datasets() {
    TreeMap<String, Long> counts = new TreeMap<>();
    synchronized (events) {
      events.forEach(stored -> counts.merge(stored.dataset, 1L, Long::sum));
    }
    return counts;
  }

  @Override
  public void onAppend(AppendListener listener) {
    listeners.add(listener);
  }

  @Override
  public Contrast contrast(Selection selection) {
    throw new AssertionError("nobody asks");
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    throw new AssertionError("nobody asks");
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    throw new AssertionError("nobody asks");
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    throw new AssertionError("nobody asks");
  }

  @Override
  public void close() {}
}
