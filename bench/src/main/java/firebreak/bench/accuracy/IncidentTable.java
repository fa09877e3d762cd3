package firebreak.bench.accuracy;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Table A: how often the exact cause of a real incident is among the first named. */
final class IncidentTable {
  private static final String TABLE = "A";
  private static final List<Integer> RANKS = List.of(1, 3, 5);

  private IncidentTable() {}

  static List<Result> run(List<Incident> incidents, Path folder, PrintStream progress) {
    List<Result> results = new ArrayList<>();
    try (Firebreak ours = new Firebreak(folder)) {
      Map<Incident, List<Slice>> named = ranked(incidents, ours, progress);
      Map<String, Map<Incident, List<Slice>>> others = new LinkedHashMap<>();
      for (Ranker ranker : OtherRankers.all()) {
        others.put(ranker.name(), ranked(incidents, ranker, progress));
      }
      for (int rank : RANKS) {
        Result result =
            Result.share(TABLE, "exact recall@" + rank, hits(named, rank), labels(incidents));
        for (Map.Entry<String, Map<Incident, List<Slice>>> other : others.entrySet()) {
          result = result.beside(other.getKey(), hits(other.getValue(), rank) / labels(incidents));
        }
        results.add(result);
      }
      addTimes(results, "", ours.millis());
    }
    return results;
  }

  /** The same incidents asked of a running server. */
  static List<Result> overHttp(
      List<Incident> incidents, URI server, Instant at, PrintStream progress) {
    List<Result> results = new ArrayList<>();
    try (OverHttp ours = new OverHttp(server, at)) {
      Map<Incident, List<Slice>> named = ranked(incidents, ours, progress);
      for (int rank : RANKS) {
        results.add(
            Result.share(
                TABLE,
                "exact recall@%d over HTTP".formatted(rank),
                hits(named, rank),
                labels(incidents)));
      }
      addTimes(results, " over HTTP", ours.millis());
    }
    return results;
  }

  private static void addTimes(List<Result> results, String how, List<Double> millis) {
    results.add(Result.number(TABLE, "ms a case" + how + ", median", Quantiles.of(millis, 0.5)));
    results.add(Result.number(TABLE, "ms a case" + how + ", p95", Quantiles.of(millis, 0.95)));
  }

  private static Map<Incident, List<Slice>> ranked(
      List<Incident> incidents, Ranker ranker, PrintStream progress) {
    Map<Incident, List<Slice>> named = new LinkedHashMap<>();
    for (Incident incident : incidents) {
      named.put(incident, ranker.rank(incident));
    }
    progress.printf("A: %s has named the causes of %d incidents%n", ranker.name(), named.size());
    return named;
  }

  /** How many labels are among the first {@code rank}. */
  private static double hits(Map<Incident, List<Slice>> named, int rank) {
    double hits = 0;
    for (Map.Entry<Incident, List<Slice>> entry : named.entrySet()) {
      List<Slice> first = entry.getValue().stream().limit(rank).toList();
      hits += entry.getKey().causes().stream().filter(first::contains).count();
    }
    return hits;
  }

  private static double labels(List<Incident> incidents) {
    return incidents.stream().mapToInt(incident -> incident.causes().size()).sum();
  }
}
