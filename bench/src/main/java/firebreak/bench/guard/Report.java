package firebreak.bench.guard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.accuracy.Result;
import firebreak.bench.store.Machine;
import firebreak.bubbleup.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The figures of all weeks and incidents.
 *
 * @param coreMinutes what the weeks took of processor time
 */
record Report(List<Week.Outcome> weeks, List<Ruling> rulings, double coreMinutes) {
  private static final double HOURS_PER_WEEK = 168;

  /** Of how many incidents a figure is. */
  private static final String OF = "of";

  List<Result> results() {
    List<Result> results = new ArrayList<>();
    healthy(results);
    List<Ruling> unrelated = only(one -> one.of().fault().isUnrelated());
    List<Ruling> flags = only(one -> one.of().fault().isTheFlag());
    List<Ruling> able = flags.stream().filter(Report::canBeTold).toList();
    List<Ruling> acted = only(Ruling::acted);
    share(results, "incidents", "wrong_flag", unrelated, Ruling::acted);
    share(results, "incidents", "wrong_flag_of_flag_incidents", flags, Report::isWrong);
    share(
        results,
        "incidents",
        "precision",
        acted,
        one -> one.right() && one.of().fault().isTheFlag());
    share(results, "incidents", "recall", able, Report::isRight);
    List<Ruling> urgent = able.stream().filter(Ruling::urgent).toList();
    share(results, "incidents", "recall_of_urgent_alerts", urgent, Report::isRight);
    for (Fault fault : Fault.values()) {
      String title = "recall: " + fault.title();
      share(results, title, "recall", of(able, fault), Report::isRight);
      share(results, title, "recall_of_urgent_alerts", of(urgent, fault), Report::isRight);
    }
    for (Fault fault : Fault.values()) {
      List<Ruling> of = only(one -> one.of().fault() == fault);
      share(results, "acted: " + fault.title(), "acted", of, Ruling::acted);
    }
    for (double bad : Case.BAD_SHARES) {
      List<Ruling> of = able.stream().filter(one -> one.of().badShare() == bad).toList();
      String table = "bad %.0f %%".formatted(100 * bad);
      share(results, table, "recall", of, Report::isRight);
      List<Ruling> right = of.stream().filter(Report::isRight).toList();
      quantiles(results, table, "event_to_act_s", right, Ruling::seconds);
      quantiles(results, table, "budget_spent", right, Ruling::spent);
    }
    for (double exposure : Case.EXPOSURES) {
      List<Ruling> of =
          flags.stream()
              .filter(one -> one.of().fault() == Fault.FLAG && one.of().exposure() == exposure)
              .toList();
      String table = "exposure %.0f %%".formatted(100 * exposure);
      share(results, table, "acted_of_all", of, Report::isRight);
      List<Ruling> withUnits = of.stream().filter(Report::canBeTold).toList();
      share(results, table, "recall", withUnits, Report::isRight);
      for (double bad : Case.BAD_SHARES) {
        List<Ruling> cell = withUnits.stream().filter(one -> one.of().badShare() == bad).toList();
        share(results, table, "recall_bad_%.0f".formatted(100 * bad), cell, Report::isRight);
      }
    }
    List<Ruling> right = flags.stream().filter(Report::isRight).toList();
    mean(results, "cost", "traffic_that_lost_a_working_feature", right, Ruling::lost);
    mean(results, "cost", "the_same_with_the_whole_flag_off", right, Ruling::wholeFlag);
    return results;
  }

  private void healthy(List<Result> results) {
    double acts = weeks.stream().mapToDouble(week -> week.acts().size()).sum();
    double alerts = weeks.stream().mapToDouble(Week.Outcome::alerts).sum();
    if (!weeks.isEmpty()) {
      Interval perWeek = Interval.wilson(Math.min(acts, weeks.size()), weeks.size());
      results.add(
          new Result(
              "healthy",
              "false_acts",
              acts,
              new Interval(perWeek.low() * weeks.size(), perWeek.high() * weeks.size()),
              new TreeMap<>()));
      results.add(Result.number("healthy", "weeks", weeks.size()));
      results.add(Result.number("healthy", "urgent_alerts", alerts));
      results.add(
          Result.number(
              "healthy", "hours_per_core_minute", weeks.size() * HOURS_PER_WEEK / coreMinutes));
    }
  }

  private static List<Ruling> of(List<Ruling> all, Fault fault) {
    return all.stream().filter(one -> fault == one.of().fault()).toList();
  }

  private List<Ruling> only(Predicate<Ruling> which) {
    return rulings.stream().filter(which).toList();
  }

  /** Whether there is somebody to compare with, so that acting alone can be asked for. */
  private static boolean canBeTold(Ruling one) {
    return one.hasUnits();
  }

  private static boolean isRight(Ruling one) {
    return one.acted() && one.right();
  }

  private static boolean isWrong(Ruling one) {
    return one.acted() && !one.right();
  }

  private static void share(
      List<Result> results, String table, String figure, List<Ruling> of, Predicate<Ruling> hit) {
    if (!of.isEmpty()) {
      double hits = (double) of.stream().filter(hit).count();
      results.add(Result.share(table, figure, hits, of.size()).beside(OF, of.size()));
    }
  }

  private static void mean(
      List<Result> results,
      String table,
      String figure,
      List<Ruling> of,
      ToDoubleFunction<Ruling> number) {
    if (of.isEmpty()) {
      return;
    }
    double mean = of.stream().mapToDouble(number).average().orElse(0);
    double square =
        of.stream().mapToDouble(one -> Math.pow(number.applyAsDouble(one) - mean, 2)).sum();
    double error = Interval.DEVIATE_95 * Math.sqrt(square) / of.size();
    Interval interval = new Interval(mean - error, mean + error);
    results.add(new Result(table, figure, mean, interval, new TreeMap<>()));
  }

  private static void quantiles(
      List<Result> results,
      String table,
      String figure,
      List<Ruling> of,
      ToDoubleFunction<Ruling> number) {
    double[] sorted = of.stream().mapToDouble(number).sorted().toArray();
    if (sorted.length > 0) {
      results.add(quantile(table, figure + "_p50", sorted, 0.5));
      results.add(quantile(table, figure + "_p95", sorted, 0.95));
    }
  }

  /** A quantile, between the order statistics that hold the true one in 95 of 100 cases. */
  private static Result quantile(String table, String figure, double[] sorted, double share) {
    double rank = share * sorted.length;
    double off = Interval.DEVIATE_95 * Math.sqrt(rank * (1 - share));
    Interval interval = new Interval(at(sorted, rank - off), at(sorted, rank + off));
    return new Result(table, figure, at(sorted, rank), interval, new TreeMap<>())
        .beside(OF, sorted.length);
  }

  private static double at(double[] sorted, double rank) {
    return sorted[(int) Math.clamp(Math.floor(rank), 0, sorted.length - 1)];
  }

  static void print(List<Result> results, PrintStream out) {
    String table = "";
    for (Result result : results) {
      if (!result.table().equals(table)) {
        table = result.table();
        out.println(table);
      }
      out.printf(
          Locale.ROOT,
          "  %-40s %12.4f   %.4f to %.4f%s%n",
          result.figure(),
          result.value(),
          result.interval().low(),
          result.interval().high(),
          result.others().containsKey(OF) ? " of %.0f".formatted(result.others().get(OF)) : "");
    }
  }

  static void write(List<Result> results, String command, Path json) throws IOException {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("bench", "guard");
    whole.put("machine", Machine.describe());
    whole.put("command", command);
    whole.put("rows", results.stream().map(Result::json).toList());
    Files.writeString(
        json,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(whole)
            + "\n");
  }
}
