package firebreak.bench.accuracy;

import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Conjunction;
import firebreak.bubbleup.Explanation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Table D: the ratios of MacroBase's sample, whose outliers are the rows of {@code usage > 1000},
 * as its authors published them (stanford-futuredata/macrobase).
 */
final class MacroBaseTable {
  private static final String TABLE = "D";
  private static final String DATASET = "macrobase-sample";
  private static final String FILE = "macrobase-sample.csv";
  private static final double OUTLIER = 1000;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  /** What the authors published of each slice. */
  private record Published(String terms, String figure, double value) {}

  private static final List<Published> PUBLISHED =
      List.of(
          new Published("location = CAN", "global ratio", 4.11284),
          new Published("version = v1", "global ratio", 2.990945),
          new Published("version = v1", "risk ratio", 10.456989),
          new Published("location = CAN, version = v1", "global ratio", 10.562958));

  private MacroBaseTable() {}

  static boolean isIn(Path folder) {
    return folder.resolve(FILE).toFile().isFile();
  }

  static List<Result> run(Path folder) throws IOException {
    Explanation explanation = explain(folder.resolve(FILE));
    double everywhere =
        (double) explanation.selected() / (explanation.selected() + explanation.baseline());
    List<Result> results = new ArrayList<>();
    double furthest = 0;
    for (Published published : PUBLISHED) {
      for (Conjunction cause : explanation.causes()) {
        if (named(cause).equals(published.terms)) {
          double beside = published.figure.equals("risk ratio") ? cause.restRate() : everywhere;
          double ours = cause.rate() / beside;
          furthest = Math.max(furthest, Math.abs(ours / published.value - 1));
          results.add(
              Result.number(TABLE, published.figure + " of " + published.terms, ours)
                  .beside("published", published.value));
        }
      }
    }
    results.add(Result.number(TABLE, "of %d found".formatted(PUBLISHED.size()), results.size()));
    results.add(Result.number(TABLE, "furthest from published, in millionths", 1e6 * furthest));
    return results;
  }

  private static String named(Conjunction cause) {
    return String.join(", ", cause.terms().stream().map(term -> term.display()).sorted().toList());
  }

  private static Explanation explain(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Map<String, String> row : Table.read(file)) {
      events.add(
          new Event(
              AT,
              1,
              Map.of(
                  "usage", Value.number(Double.parseDouble(Table.field(row, "usage"))),
                  "location", Value.of(Table.field(row, "location")),
                  "version", Value.of(Table.field(row, "version")))));
    }
    try (EventStore store = EventStore.inMemory()) {
      store.append(DATASET, events);
      Filter outliers = new Filter.Compare("usage", Relation.GREATER, Value.number(OUTLIER));
      return new BubbleUp(store)
          .explain(
              new Selection(
                  List.of(DATASET),
                  new TimeRange(AT, AT.plus(Incident.LENGTH)),
                  Filter.ALL,
                  outliers),
              BubbleUp.MAX_TERMS);
    }
  }
}
