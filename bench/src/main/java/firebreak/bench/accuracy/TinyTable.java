package firebreak.bench.accuracy;

import firebreak.bubbleup.Conjunction;
import firebreak.bubbleup.Difference;
import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.eventstore.Event;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tiny culprits: one user of very little traffic fails, among twenty fields that have nothing to do
 * with it. Right is who names the user first; every other field that is listed is innocent.
 */
final class TinyTable {
  private static final String TABLE = "tiny culprits";
  private static final String CULPRIT = "culprit";
  private static final int EVENTS = 200_000;
  private static final int INNOCENT_FIELDS = 20;
  private static final int USERS = 5_000;
  private static final int VALUES_AT_MOST = 400;
  private static final double FAILS = 0.6;
  private static final double OTHERS_FAIL = 0.004;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private TinyTable() {}

  static List<Result> run(long firstSeed, int seeds, Path folder, PrintStream progress) {
    List<Result> results = new ArrayList<>();
    try (Firebreak ours = new Firebreak(folder)) {
      for (double traffic : new double[] {0.0002, 0.0001}) {
        results.addAll(run(traffic, firstSeed, seeds, ours, progress));
      }
    }
    return results;
  }

  private static List<Result> run(
      double traffic, long firstSeed, int seeds, Firebreak ours, PrintStream progress) {
    int right = 0;
    int innocent = 0;
    Map<String, Integer> othersRight = new HashMap<>();
    for (int i = 0; i < seeds; i++) {
      String dataset = "tiny-%s-%d".formatted(traffic, i);
      List<Event> events = events(new Random(firstSeed + i), traffic);
      ours.append(dataset, events);
      Explanation explanation = ours.explain(dataset, new TimeRange(AT, AT.plus(Incident.LENGTH)));
      right += isFirst(explanation) ? 1 : 0;
      innocent += innocent(explanation).size();
      Incident incident = incident(events);
      for (Ranker other : OtherRankers.ofSingleValues()) {
        List<Slice> named = other.rank(incident);
        boolean first = !named.isEmpty() && isCulprit(named.getFirst().terms());
        othersRight.merge(other.name(), first ? 1 : 0, Integer::sum);
      }
      progress.printf("%s: %s of traffic, %d of %d%n", TABLE, traffic, i + 1, seeds);
    }
    String of = "%.2f %% of traffic".formatted(100 * traffic);
    Result named = Result.share(TABLE, "named first, " + of, right, seeds);
    for (Map.Entry<String, Integer> other : othersRight.entrySet()) {
      named = named.beside(other.getKey(), (double) other.getValue() / seeds);
    }
    return List.of(
        named,
        Result.number(TABLE, "innocent fields listed a case, " + of, innocent / (double) seeds));
  }

  private static boolean isFirst(Explanation explanation) {
    return !explanation.causes().isEmpty() && isCulprit(explanation.causes().getFirst().terms());
  }

  private static boolean isCulprit(List<Term> terms) {
    return terms.equals(List.of(new Term("user", Value.of(CULPRIT))));
  }

  private static Set<String> innocent(Explanation explanation) {
    Set<String> fields = new HashSet<>();
    for (Conjunction cause : explanation.causes()) {
      cause.terms().forEach(term -> fields.add(term.field()));
    }
    explanation.differences().stream().map(Difference::field).forEach(fields::add);
    fields.remove("user");
    return fields;
  }

  private static List<Event> events(Random random, double traffic) {
    List<Event> events = new ArrayList<>();
    int culprits = (int) (traffic * EVENTS);
    for (int i = 0; i < EVENTS; i++) {
      boolean culprit = i < culprits;
      Map<String, Value> fields = new HashMap<>();
      fields.put("user", Value.of(culprit ? CULPRIT : "u" + random.nextInt(USERS)));
      for (int field = 0; field < INNOCENT_FIELDS; field++) {
        int values = 2 + field * VALUES_AT_MOST / INNOCENT_FIELDS;
        int value = (int) (values * Math.pow(random.nextDouble(), 2));
        fields.put("innocent" + field, Value.of("v" + value));
      }
      boolean failed = random.nextDouble() < (culprit ? FAILS : OTHERS_FAIL);
      fields.put(Firebreak.FAILED, Value.of(failed));
      events.add(new Event(AT.plusMillis(random.nextInt(60_000)), 1, fields));
    }
    return events;
  }

  private static Incident incident(List<Event> events) {
    List<Cell> cells = new ArrayList<>();
    for (Event event : events) {
      Map<String, Value> attributes = new HashMap<>(event.fields());
      boolean failed = Value.of(true).equals(attributes.remove(Firebreak.FAILED));
      cells.add(new Cell(attributes, failed ? 1 : 0, 1));
    }
    TreeMap<Instant, List<Cell>> minutes = new TreeMap<>();
    minutes.put(AT, cells);
    return new Incident(TABLE, minutes, AT, Set.of());
  }
}
