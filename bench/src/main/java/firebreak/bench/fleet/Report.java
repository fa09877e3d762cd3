package firebreak.bench.fleet;

import firebreak.bench.fleet.Ruling.Action;
import firebreak.bench.fleet.Ruling.Result;
import firebreak.bubbleup.Interval;
import firebreak.sim.fleet.Kind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The figures of all cases, as a table and one by one. */
final class Report {
  private static final String RIGHT = "right verdict";
  private static final String ACTED_WRONGLY = "acted wrongly";
  private static final String OTHERS_RIGHT = ": right";
  private static final String OTHERS_TURN_WRONG = ": would turn a wrong flag";

  /** What stands beside our figure, of each rule of thumb. */
  private static final Map<String, String> BESIDE =
      Map.of(RIGHT, OTHERS_RIGHT, ACTED_WRONGLY, OTHERS_TURN_WRONG);

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

    double value() {
      return (double) hits / of;
    }

    Figure figure(String name, SortedMap<String, Double> others) {
      return new Figure(name, value(), interval(), others);
    }
  }

  private Map<String, Share> shares() {
    Map<String, Share> shares = new LinkedHashMap<>();
    shares.put("alerted", Share.of(incidents, Ruling::hasAlert));
    shares.put(RIGHT, Share.of(alerted, one -> one.result() == Result.RIGHT));
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
    shares.put(ACTED_WRONGLY, Share.of(alerted, one -> one.action() == Action.WRONG));
    shares.put("asked a person", Share.of(alerted, one -> one.action() == Action.ASKED));
    for (Ranker ranker : Ranker.values()) {
      List<Ruling> named = alerted;
      shares.put(
          ranker.title() + OTHERS_RIGHT,
          Share.of(named, one -> named(one, ranker).isRight(one.truth())));
      shares.put(
          ranker.title() + OTHERS_TURN_WRONG,
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

  /** The figures of the table, those of the rules of thumb beside ours. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    Map<String, Share> shares = shares();
    for (Map.Entry<String, Share> share : shares.entrySet()) {
      SortedMap<String, Double> others = new TreeMap<>();
      for (Ranker ranker : Ranker.values()) {
        Share other = shares.get(ranker.title() + BESIDE.getOrDefault(share.getKey(), ""));
        if (other != null) {
          others.put(ranker.title(), other.value());
        }
      }
      if (!isOfOthers(share.getKey())) {
        figures.add(share.getValue().figure(share.getKey(), others));
      }
    }
    quietShares().forEach((name, share) -> figures.add(share.figure(name, new TreeMap<>())));
    Calibration calibration = new Calibration(alerted);
    figures.add(number("Brier score", calibration.brier()));
    Calibration.Bin ninety = calibration.ninety();
    figures.add(
        new Share(ninety.right(), ninety.verdicts())
            .figure("right of the verdicts stated .85 to .95", new TreeMap<>()));
    figures.add(number("ms to decide, median", quantile(alerted, 0.5)));
    figures.add(number("ms to decide, p95", quantile(alerted, 0.95)));
    return figures;
  }

  private static boolean isOfOthers(String name) {
    return Arrays.stream(Ranker.values()).anyMatch(ranker -> name.startsWith(ranker.title()));
  }

  private static Figure number(String name, double value) {
    return new Figure(name, value, new Interval(value, value), new TreeMap<>());
  }
}
