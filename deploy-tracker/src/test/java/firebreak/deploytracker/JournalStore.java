package firebreak.deploytracker;

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
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps and shows events, and can run out of disk; asks no questions. */
final class JournalStore implements EventStore {
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean full;

  void fillDisk() {
    full = true;
  }

  void freeDisk() {
    full = false;
  }

  List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  @Override
  public void append(String dataset, List<Event> appended) {
    if (!dataset.equals(ChangeLog.DATASET)) {
      throw new IllegalArgumentException("only changes go here, was " + dataset);
    }
    if (full) {
      throw new UncheckedIOException(new IOException("no space left on device"));
    }
    events.addAll(appended);
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> names, Visitor visitor) {
    events().stream()
        .filter(event -> range.contains(event.time()) && filter.matches(event))
        .sorted(Comparator.comparing(Event::time))
        .takeWhile(visitor::visit)
        .forEach(_ -> {});
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
  public SortedMap<String, Long> datasets() {
    return new TreeMap<>();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return new TreeMap<>();
  }

  @Override
  public void onAppend(AppendListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
