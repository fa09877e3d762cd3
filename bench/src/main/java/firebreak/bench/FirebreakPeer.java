package firebreak.bench;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our own store, durable: every batch is on disk when it is acknowledged. */
final class FirebreakPeer implements Peer {
  private static final String DATASET = "bench";
  private static final TimeRange ALL =
      new TimeRange(WideEvents.START, WideEvents.START.plusMillis(WideEvents.SPAN_MILLIS));

  private final EventStore store;

  FirebreakPeer(Path folder) {
    store = EventStore.open(folder);
  }

  @Override
  public String name() {
    return "firebreak";
  }

  @Override
  public void load(List<Event> events) {
    store.append(DATASET, events);
  }

  @Override
  public void loaded() {
    store.query(Query.of(DATASET, ALL, Filter.ALL, Calculation.count()));
  }

  @Override
  public Map<String, Question> questions() {
    Filter slow =
        new Filter.Compare(
            "duration_ms", Relation.GREATER_OR_EQUAL, Value.number(WideEvents.SLOW_MS));
    Filter some = Filter.equal("text_3", "v0");
    Map<String, Question> questions = new LinkedHashMap<>();
    questions.put("bubbleup unfiltered", () -> contrast(Filter.ALL, slow));
    questions.put("bubbleup filtered", () -> contrast(some, slow));
    questions.put("heatmap", this::heatmap);
    questions.put("group by 10k", () -> groups("customer_id"));
    questions.put("count slow", () -> count(slow));
    return questions;
  }

  private double contrast(Filter within, Filter selected) {
    EventStore.Contrast contrast =
        store.contrast(new Selection(List.of(DATASET), ALL, within, selected));
    EventStore.Weight weight =
        contrast.fields().getOrDefault("flag_fresh", Map.of()).get(Value.of(true));
    return weight == null ? 0 : weight.selected();
  }

  private double heatmap() {
    Query query =
        Query.of(DATASET, ALL, Filter.ALL, Calculation.of(Operation.HEATMAP, "duration_ms"))
            .withGranularity(Duration.ofMinutes(12));
    double weight = 0;
    for (QueryResult.Point point : store.query(query).rows().getFirst().series()) {
      if (point.cells().getFirst() instanceof QueryResult.Cell.Heatmap heatmap) {
        weight += heatmap.bins().stream().mapToDouble(QueryResult.Bin::weight).sum();
      }
    }
    return weight;
  }

  private double groups(String field) {
    Query query =
        Query.of(
                DATASET,
                ALL,
                Filter.ALL,
                Calculation.count(),
                Calculation.of(Operation.AVG, "duration_ms"),
                Calculation.of(Operation.P99, "duration_ms"))
            .groupedBy(field)
            .withLimit(100);
    return store.query(query).rows().getFirst().cells().getFirst().number();
  }

  private double count(Filter filter) {
    return store
        .query(Query.of(DATASET, ALL, filter, Calculation.count()))
        .total()
        .cells()
        .getFirst()
        .number();
  }

  @Override
  public void close() {
    store.close();
  }
}
