package firebreak.bench.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.fleet.Ruling.Action;
import firebreak.bench.fleet.Ruling.Result;
import firebreak.bubbleup.Interval;
import firebreak.sim.fleet.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** The figures of all cases, as a table and as JSON. */
final class Report {
  private static final double PER_THOUSAND = 1000;

  private final Options options;
  private final List<Ruling> incidents;
  private final List<Ruling> alerted;
  private final List<Ruling> quiet;
  private final double seconds;

  Report(Options options, List<Ruling> rulings, double seconds) {
    this.options = options;
    this.incidents = rulings.stream().filter(one -> one.of().kind() != Kind.QUIET).toList();
    this.alerted = incidents.stream().filter(Ruling::hasAlert).toList();
    this.quiet = rulings.stream().filter(one -> one.of().kind() == Kind.QUIET).toList();
    this.seconds = seconds;
  }

  /** So many of so many. */
  private record Share(int hits, int of) {
    static Share of(List<Ruling> rulings, Predicate<Ruling> hit) {
      return new Share((int) rulings.stream().filter(hit).count(), rulings.size());
    }

    Interval interval() {
      return Interval.wilson(hits, of);
    }

    @Override
    public String toString() {
      return of == 0
          ? "-"
          : String.format(
              Locale.ROOT,
              "%.3f (%d of %d, %.3f-%.3f)",
              (double) hits / of,
              hits,
              of,
              interval().low(),
              interval().high());
    }

    Map<String, Object> json() {
      return of == 0
          ? Map.of("hits", 0, "of", 0)
          : Map.of(
              "hits",
              hits,
              "of",
              of,
              "share",
              (double) hits / of,
              "low",
              interval().low(),
              "high",
              interval().high());
    }
  }

  private Map<String, Share> shares() {
    Map<String, Share> shares = new LinkedHashMap<>();
    shares.put("alerted", Share.of(incidents, Ruling::hasAlert));
    shares.put("right verdict", Share.of(alerted, one -> one.result() == Result.RIGHT));
    shares.put("wrong verdict", Share.of(alerted, one -> one.result() == Result.WRONG));
    shares.put(
        "abstained, and should not have",
        Share.of(alerted, one -> one.result() == Result.ABSTAINED));
    shares.put("unsure, rightly or not", Share.of(alerted, Ruling::isUnsure));
    shares.put("right suspect first", Share.of(alerted, one -> one.rank() == 1));
    shares.put(
        "right suspect in first three",
        Share.of(alerted, one -> one.rank() >= 1 && one.rank() <= 3));
    shares.put("acted", Share.of(alerted, one -> isAct(one)));
    shares.put("acted wrongly", Share.of(alerted, one -> one.action() == Action.WRONG));
    shares.put("asked a person", Share.of(alerted, one -> one.action() == Action.ASKED));
    for (Ranker ranker : Ranker.values()) {
      List<Ruling> named = alerted;
      shares.put(
          ranker.title() + ": right",
          Share.of(named, one -> named(one, ranker).isRight(one.truth())));
      shares.put(
          ranker.title() + ": would turn a wrong flag",
          Share.of(named, one -> named(one, ranker).actsWrongly(one.truth())));
    }
    return shares;
  }

  private static Ranker.Named named(Ruling ruling, Ranker ranker) {
    return ruling.others().getOrDefault(ranker, Ranker.Named.NOBODY);
  }

  private static boolean isAct(Ruling ruling) {
    return ruling.action() == Action.RIGHT || ruling.action() == Action.WRONG;
  }

  private Map<String, Share> quietShares() {
    Map<String, Share> shares = new LinkedHashMap<>();
    shares.put("quiet hours with an alert", Share.of(quiet, Ruling::hasAlert));
    shares.put(
        "quiet hours with a wrong verdict", Share.of(quiet, one -> one.result() == Result.WRONG));
    shares.put("quiet hours with a wrong action", Share.of(quiet, Report::isAct));
    return shares;
  }

  void print(PrintStream out) {
    out.printf(
        Locale.ROOT,
        "Fleet: %d incidents of %d kinds, %d quiet hours, seeds from %d, %.0f s on %d threads%n",
        incidents.size(),
        options.kinds().size(),
        quiet.size(),
        options.firstSeed(),
        seconds,
        options.threads());
    out.println("  " + options.command());
    out.printf(
        "%-28s %5s %5s %5s %5s %5s %5s %5s %5s %5s %7s%n",
        "kind", "cases", "alert", "right", "wrong", "unsur", "first", "three", "act", "WRONG",
        "p50 ms");
    for (Kind kind : options.kinds()) {
      print(out, kind.number() + " " + kind.name(), of(kind));
    }
    print(out, "all", incidents);
    print(out, "quiet hours", quiet);
    shares().forEach((name, share) -> out.printf("%-66s %s%n", name, share));
    quietShares().forEach((name, share) -> out.printf("%-66s %s%n", name, share));
    printQuality(out);
  }

  private List<Ruling> of(Kind kind) {
    return incidents.stream().filter(one -> one.of().kind() == kind).toList();
  }

  private static void print(PrintStream out, String name, List<Ruling> rulings) {
    List<Ruling> alerted = rulings.stream().filter(Ruling::hasAlert).toList();
    out.printf(
        Locale.ROOT,
        "%-28s %5d %5d %5d %5d %5d %5d %5d %5d %5d %7.0f%n",
        name,
        rulings.size(),
        alerted.size(),
        count(alerted, one -> one.result() == Result.RIGHT),
        count(alerted, one -> one.result() == Result.WRONG),
        count(alerted, one -> one.result() == Result.ABSTAINED),
        count(alerted, one -> one.rank() == 1),
        count(alerted, one -> one.rank() >= 1 && one.rank() <= 3),
        count(alerted, Report::isAct),
        count(alerted, one -> one.action() == Action.WRONG),
        quantile(alerted, 0.5));
  }

  private static long count(List<Ruling> rulings, Predicate<Ruling> hit) {
    return rulings.stream().filter(hit).count();
  }

  private void printQuality(PrintStream out) {
    Calibration calibration = new Calibration(alerted);
    out.printf(
        Locale.ROOT,
        "Brier score %.4f over %d verdicts that name something; decided in %.0f ms (p95 %.0f ms)%n",
        calibration.brier(),
        calibration.verdicts(),
        quantile(alerted, 0.5),
        quantile(alerted, 0.95));
    List<Calibration.Bin> bins = new ArrayList<>(calibration.bins());
    bins.add(calibration.ninety());
    for (Calibration.Bin bin : bins) {
      out.printf(
          Locale.ROOT,
          "  stated %.3f-%.3f (mean %.3f): right %s%n",
          bin.low(),
          bin.high(),
          bin.meanStated(),
          new Share(bin.right(), bin.verdicts()));
    }
  }

  private static double quantile(List<Ruling> rulings, double share) {
    double[] sorted = rulings.stream().mapToDouble(Ruling::millis).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
  }

  String json() throws IOException {
    Map<String, Object> shares = new LinkedHashMap<>();
    shares().forEach((name, share) -> shares.put(name, share.json()));
    quietShares().forEach((name, share) -> shares.put(name, share.json()));
    Map<String, Object> kinds = new LinkedHashMap<>();
    for (Kind kind : options.kinds()) {
      kinds.put(kind.name(), kind(of(kind)));
    }
    Calibration calibration = new Calibration(alerted);
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("bench", "fleet");
    whole.put("command", options.command());
    whole.put("seconds", seconds);
    whole.put("shares", shares);
    whole.put("kinds", kinds);
    whole.put("quiet_alerts_per_1000", perThousand(Ruling::hasAlert));
    whole.put("quiet_wrong_actions_per_1000", perThousand(Report::isAct));
    whole.put("brier", calibration.brier());
    whole.put("about_ninety", calibration.ninety());
    whole.put("bins", calibration.bins());
    whole.put("decision_ms", Map.of("p50", quantile(alerted, 0.5), "p95", quantile(alerted, 0.95)));
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(whole)
        + "\n";
  }

  private double perThousand(Predicate<Ruling> hit) {
    return quiet.isEmpty() ? 0 : PER_THOUSAND * count(quiet, hit) / quiet.size();
  }

  private static Map<String, Object> kind(List<Ruling> rulings) {
    List<Ruling> alerted = rulings.stream().filter(Ruling::hasAlert).toList();
    Map<String, Object> kind = new LinkedHashMap<>();
    kind.put("cases", rulings.size());
    kind.put("alerted", alerted.size());
    kind.put("right", count(alerted, one -> one.result() == Result.RIGHT));
    kind.put("wrong", count(alerted, one -> one.result() == Result.WRONG));
    kind.put("abstained", count(alerted, one -> one.result() == Result.ABSTAINED));
    kind.put("acted", count(alerted, Report::isAct));
    kind.put("acted_wrongly", count(alerted, one -> one.action() == Action.WRONG));
    return kind;
  }
}
