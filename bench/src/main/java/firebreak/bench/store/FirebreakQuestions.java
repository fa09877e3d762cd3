package firebreak.bench.store;

import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import firebreak.bubbleup.BubbleUp;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.util.List;
import java.util.stream.Stream;

/** The questions as Firebreak is asked them; groups without total and other, as in SQL. */
final class FirebreakQuestions {
  private static final List<String> DATASETS = List.of(FirebreakPeer.DATASET);
  private static final String DURATION = "duration_ms";

  private final EventStore store;
  private final Workload workload;
  private final int round;
  private final TimeRange day;

  FirebreakQuestions(EventStore store, Workload workload, int round) {
    this.store = store;
    this.workload = workload;
    this.round = round;
    this.day = workload.day(round);
  }

  Answer ask(Question question) {
    return switch (question) {
      case SELECT -> count(slow());
      case BUBBLEUP, BUBBLEUP_WITHOUT_IDS -> contrast(Filter.ALL);
      case BUBBLEUP_FILTERED -> contrast(Filter.equal("service.name", Workload.SERVICE));
      case HEATMAP -> heatmap();
      case GROUP_10K -> groups("customer_id");
      case GROUP_465K -> groups("user_id");
      case GROUP_1250K -> groups("trace.trace_id");
      case SERIES -> series();
      case FILTERED_COUNT -> count(conditions());
      case HAVING -> having();
      case PATTERNS -> patterns();
      case EXPLAIN -> explain();
      case NEEDLE -> needle(workload.traceId(round));
    };
  }

  private Filter slow() {
    return Filter.and(
        new Filter.Compare(DURATION, Relation.GREATER, Value.number(workload.slowMillis(round))),
        new Filter.During(new TimeRange(Workload.FAULT_START, Workload.END)));
  }

  private static Filter conditions() {
    return Filter.and(
        new Filter.Matches("name", Filter.Match.STARTS_WITH, Workload.NAME_PREFIX),
        new Filter.Compare(
            "status_code", Relation.GREATER_OR_EQUAL, Value.of(Workload.FAILED_STATUS)),
        new Filter.Compare(DURATION, Relation.LESS, Value.number(Workload.QUICK_MS)),
        Filter.not(Filter.equal("region", Workload.OTHER_REGION)));
  }

  private Answer count(Filter filter) {
    Query query = Query.of(FirebreakPeer.DATASET, day, filter, Calculation.count());
    return new Answer().exact("count", number(store.query(query).total(), 0));
  }

  private Answer contrast(Filter within) {
    Contrast contrast = store.contrast(new Selection(DATASETS, day, within, slow()));
    Weight total = contrast.total();
    Answer answer =
        new Answer().exact("selected", total.selected()).exact("baseline", total.baseline());
    for (WideField field : workload.events().fields()) {
      FieldContrast found = contrast.fields().get(field.name());
      if (found != null && SqlQuestions.hasFewValues(field)) {
        double top =
            Stream.concat(found.values().values().stream(), Stream.of(found.absent()))
                .mapToDouble(weight -> difference(weight, total))
                .max()
                .orElse(0);
        answer.near("difference " + field.name(), top);
      }
    }
    return answer;
  }

  private static double difference(Weight weight, Weight total) {
    return (double) weight.selected() / total.selected()
        - (double) weight.baseline() / total.baseline();
  }

  private Answer heatmap() {
    Query query =
        Query.of(FirebreakPeer.DATASET, day, Filter.ALL, of(Operation.HEATMAP))
            .withGranularity(Workload.BUCKET);
    double[] buckets = new double[Workload.BUCKETS];
    for (QueryResult.Point point : store.query(query).rows().getFirst().series()) {
      if (point.cells().getFirst() instanceof QueryResult.Cell.Heatmap heatmap) {
        long since = point.time().toEpochMilli() - WideEvents.START.toEpochMilli();
        buckets[(int) (since / Workload.BUCKET.toMillis())] =
            heatmap.bins().stream().mapToDouble(QueryResult.Bin::weight).sum();
      }
    }
    return SqlQuestions.heatmap(buckets);
  }

  private static Calculation of(Operation operation) {
    return Calculation.of(operation, DURATION);
  }

  private Answer groups(String field) {
    Query query =
        Query.of(
                FirebreakPeer.DATASET,
                day,
                Filter.ALL,
                Calculation.count(),
                of(Operation.AVG),
                of(Operation.P99))
            .groupedBy(field)
            .withLimit(Workload.TOP_GROUPS)
            .withoutTotals();
    Answer answer = new Answer();
    int rank = 0;
    for (Row row : store.query(query).rows()) {
      SqlQuestions.group(answer, rank, key(row), number(row, 0), number(row, 1));
      answer.exact("p99 " + rank++, number(row, 2));
    }
    return answer;
  }

  private Answer series() {
    Query query =
        Query.of(FirebreakPeer.DATASET, day, Filter.ALL, Calculation.count(), of(Operation.P99))
            .groupedBy("service.name")
            .withLimit(Workload.TOP_SERVICES)
            .withGranularity(Workload.BUCKET)
            .withoutTotals();
    double count = 0;
    double percentiles = 0;
    for (Row row : store.query(query).rows()) {
      for (QueryResult.Point point : row.series()) {
        count += point.cells().get(0).number();
        percentiles += point.cells().get(1).number();
      }
    }
    return new Answer().exact("count", count).near("sum of p99", percentiles);
  }

  private Answer having() {
    Query query =
        Query.of(FirebreakPeer.DATASET, day, Filter.ALL, Calculation.count(), of(Operation.P95))
            .groupedBy("name")
            .having(new Query.Having(0, Relation.GREATER, workload.havingCount()))
            .orderedBy(new Query.Order.ByCalculation(1, true))
            .withLimit(Workload.TOP_NAMES)
            .withoutTotals();
    List<Row> rows = store.query(query).rows();
    Answer answer = new Answer().exact("rows", rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      answer.exact("name " + i, key(row)).exact("count " + i, number(row, 0));
      answer.exact("p95 " + i, number(row, 1));
    }
    return answer;
  }

  private Answer patterns() {
    List<Filter> terms =
        Workload.TERMS.stream()
            .map(
                term ->
                    Filter.equal(
                        term.field(),
                        term.value() instanceof Boolean truth
                            ? Value.of(truth)
                            : Value.of(term.value().toString())))
            .toList();
    Answer answer = new Answer();
    for (EventStore.Pattern pattern :
        store.patterns(new Selection(DATASETS, day, Filter.ALL, slow()), terms)) {
      SqlQuestions.pattern(
          answer, pattern.mask(), pattern.weight().selected(), pattern.weight().baseline());
    }
    return answer;
  }

  /** What no other store can say: it is compared with nobody. */
  private Answer explain() {
    Selection selection =
        new Selection(
            DATASETS,
            day,
            Filter.ALL,
            new Filter.Compare(
                DURATION, Relation.GREATER, Value.number(workload.slowMillis(round))));
    int causes = new BubbleUp(store).explain(selection, BubbleUp.MAX_TERMS).causes().size();
    return new Answer().exact("causes", causes);
  }

  private Answer needle(String traceId) {
    int[] spans = new int[1];
    store.scan(
        DATASETS,
        day,
        Filter.equal("trace.trace_id", traceId),
        List.of(),
        _ -> {
          spans[0]++;
          return true;
        });
    return new Answer().exact("spans", spans[0]);
  }

  private static String key(Row row) {
    Value value = row.group().getFirst();
    return value == null ? "null" : value.display();
  }

  private static double number(Row row, int cell) {
    return row.cells().get(cell).number();
  }
}
