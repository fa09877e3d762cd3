package firebreak.bench.accuracy;

import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Explanation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ours: the events of an incident in a store on disk, each standing for as many as its cell counts,
 * and BubbleUp asked about the bad ones of its minute.
 */
final class Firebreak implements Ranker, AutoCloseable {
  static final String FAILED = "failed";
  static final int BATCH = 5_000;
  private static final double NANOS = 1e6;

  private final EventStore store;
  private final List<Double> millis = new ArrayList<>();
  private int datasets;

  Firebreak(Path folder) {
    store = EventStore.open(folder);
  }

  @Override
  public String name() {
    return "Firebreak";
  }

  @Override
  public List<Slice> rank(Incident incident) {
    String dataset = "incident-" + datasets++;
    incident.cells().forEach((minute, cells) -> append(dataset, events(minute, cells)));
    TimeRange range = new TimeRange(incident.at(), incident.at().plus(Incident.LENGTH));
    return explain(dataset, range).causes().stream()
        .map(cause -> new Slice(cause.terms()))
        .toList();
  }

  Explanation explain(String dataset, TimeRange range) {
    Selection selection =
        new Selection(List.of(dataset), range, Filter.ALL, Filter.equal(FAILED, Value.of(true)));
    long start = System.nanoTime();
    Explanation explanation = new BubbleUp(store).explain(selection, BubbleUp.MAX_TERMS);
    millis.add((System.nanoTime() - start) / NANOS);
    return explanation;
  }

  void append(String dataset, List<Event> events) {
    for (int from = 0; from < events.size(); from += BATCH) {
      store.append(dataset, events.subList(from, Math.min(events.size(), from + BATCH)));
    }
  }

  /** Two events for a cell, the bad and the good, each standing for as many as it counts. */
  static List<Event> events(Instant minute, List<Cell> cells) {
    List<Event> events = new ArrayList<>();
    for (Cell cell : cells) {
      add(events, minute, cell, true, cell.bad());
      add(events, minute, cell, false, cell.all() - cell.bad());
    }
    return events;
  }

  private static void add(
      List<Event> events, Instant minute, Cell cell, boolean failed, long count) {
    if (count > 0) {
      Map<String, Value> fields = new HashMap<>(cell.attributes());
      fields.put(FAILED, Value.of(failed));
      events.add(new Event(minute, (int) count, fields));
    }
  }

  /** How long each answer took. */
  List<Double> millis() {
    return List.copyOf(millis);
  }

  @Override
  public void close() {
    store.close();
  }
}
