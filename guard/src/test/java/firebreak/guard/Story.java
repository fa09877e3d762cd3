package firebreak.guard;

import firebreak.bubbleup.ContingencyTable;
import firebreak.bubbleup.Term;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One burn of a simulated life: an objective, what truly does it, and what the evidence says.
 *
 * @param onset seconds since the start of the simulation
 * @param sureAt from this second on the evidence is there
 * @param endsAt a burn that no flag makes ends by itself then
 * @param changedAt when the change that is blamed took place
 */
record Story(
    int index,
    Cause cause,
    boolean byFlagChange,
    int onset,
    int sureAt,
    int endsAt,
    int changedAt,
    Units units) {

  /** What does it, and how well that can be seen. */
  enum Cause {
    /** A change behind a flag, for a few customers. */
    FEW,
    /** A change behind a flag, for all whom it reaches. */
    ALL,
    /** As {@link #FEW}, of a flag that nobody has listed. */
    UNLISTED,
    /** As {@link #FEW}, and the evidence points clearly at a flag that is innocent. */
    MISTAKEN,
    /** Some customers fail for a reason of their own; chance has given a flag more of them. */
    UNRELATED,
    /** No change of ours. */
    NONE,
    /** A flag is suspected, and the evidence is too weak to act on. */
    WEAK,
    /** Figures that are not numbers. */
    POISONED;

    /** Whether the burn stops when the flag is taken away. */
    boolean isTheFlag() {
      return switch (this) {
        case FEW, ALL, UNLISTED, WEAK, POISONED -> true;
        case MISTAKEN, UNRELATED, NONE -> false;
      };
    }

    /** Whether a guard that may act must not. */
    boolean forbidsActing() {
      return switch (this) {
        case FEW, ALL, MISTAKEN, UNRELATED -> false;
        case UNLISTED, NONE, WEAK, POISONED -> true;
      };
    }
  }

  /** How the difference between units that a flag reaches and the rest is judged. */
  enum Statistic {
    /** By the units, which fail together. */
    UNITS,
    /** By their requests, as if each were a witness of its own; that is wrong. */
    REQUESTS
  }

  /** Units and requests that the flag reaches or not, and how many of them fail. */
  record Units(
      long exposed,
      long exposedSick,
      long unexposed,
      long unexposedSick,
      long requests,
      long badRequests,
      long otherRequests,
      long otherBadRequests) {

    static Units draw(SplittableRandom random, int count, double sickExposed, double sickOther) {
      long[] sum = new long[8];
      for (int i = 0; i < count; i++) {
        int side = random.nextBoolean() ? 0 : 1;
        boolean sick = random.nextDouble() < (side == 0 ? sickExposed : sickOther);
        long requests = Math.min(2_000, (long) (10 / random.nextDouble(1e-9, 1)));
        sum[side * 2]++;
        sum[side * 2 + 1] += sick ? 1 : 0;
        sum[4 + side * 2] += requests;
        sum[5 + side * 2] += sick ? requests / 2 : 0;
      }
      return new Units(sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]);
    }

    double pValue(Statistic statistic) {
      return table(statistic).pValue();
    }

    /** The lower end of the interval of the difference of the shares that fail. */
    double differenceAtLeast(Statistic statistic) {
      ContingencyTable table = table(statistic);
      return table.excessInterval().low() / table.trials();
    }

    private ContingencyTable table(Statistic statistic) {
      return switch (statistic) {
        case UNITS -> new ContingencyTable(exposedSick, exposed, unexposedSick, unexposed);
        case REQUESTS ->
            new ContingencyTable(badRequests, requests, otherBadRequests, otherRequests);
      };
    }
  }

  static Story draw(int index, SplittableRandom random) {
    Cause[] causes = Cause.values();
    Cause cause = random.nextInt(3) == 0 ? Cause.FEW : causes[random.nextInt(causes.length)];
    int onset = random.nextInt(60, 420);
    Units units =
        cause == Cause.UNRELATED
            ? Units.draw(random, 800, 0.1, 0.1)
            : Units.draw(random, 200, 0.8, 0.02);
    return new Story(
        index,
        cause,
        random.nextBoolean(),
        onset,
        onset + random.nextInt(10, 60),
        onset + random.nextInt(120, 1_200),
        onset - random.nextInt(20, 50),
        units);
  }

  Objective objective() {
    return new Objective(
        "slo-" + index,
        "Objective " + index,
        "service",
        List.of("dataset"),
        Filter.ALL,
        Filter.ALL,
        0.999,
        Duration.ofDays(30));
  }

  String flag() {
    return (cause == Cause.UNLISTED ? "other-" : "flag-") + index;
  }

  String customer() {
    return "customer-" + index;
  }

  Change.Deploy deploy() {
    return new Change.Deploy(
        "deploy-" + index,
        time(changedAt),
        null,
        "service",
        Simulation.SETTINGS.environment(),
        "build-" + index,
        "",
        "",
        "",
        Change.DeployState.SUCCEEDED,
        false,
        "",
        "",
        "");
  }

  static Instant time(long second) {
    return Simulation.START.plusSeconds(second);
  }

  /**
   * What attribution says of it once there is evidence; {@code change} is the one that it names.
   */
  Finding finding(String change, Statistic statistic) {
    boolean everyone = cause == Cause.ALL || cause == Cause.UNRELATED;
    double pValue = everyone ? units.pValue(statistic) : 1e-6;
    Finding.Prediction prediction = new Finding.Prediction(0.2, 0, 0.8, 0.05);
    return switch (cause) {
      case FEW, ALL, UNLISTED, MISTAKEN, UNRELATED ->
          finding(change, statistic, 0.99, 0.01, pValue, prediction);
      case WEAK -> weak(change, statistic, prediction);
      case POISONED ->
          index % 2 == 0
              ? finding(change, statistic, 0.99, 0.01, Double.NaN, prediction)
              : finding(change, statistic, 0.99, 0.01, 1e-6, Finding.Prediction.UNKNOWN);
      case NONE ->
          new Finding(
              new Verdict(Verdict.Kind.NONE, "", "", null, List.of(), 0.9),
              List.of(),
              Finding.Prediction.UNKNOWN,
              1,
              List.of());
    };
  }

  private Finding weak(String change, Statistic statistic, Finding.Prediction prediction) {
    return switch (onset % 3) {
      case 0 -> finding(change, statistic, 0.6, 0.01, 1e-6, prediction);
      case 1 -> finding(change, statistic, 0.97, 0.3, 1e-6, prediction);
      default -> finding(change, statistic, 0.99, 0.01, 0.02, prediction);
    };
  }

  private Finding finding(
      String change,
      Statistic statistic,
      double posterior,
      double next,
      double pValue,
      Finding.Prediction prediction) {
    boolean everyone = cause == Cause.ALL || cause == Cause.UNRELATED;
    List<String> keys = everyone ? List.of() : List.of(customer());
    Verdict.Lever lever =
        new Verdict.Lever(
            flag(), "true", everyone ? "" : "customer_id", everyone ? "" : "customer", keys);
    List<Term> terms = keys.stream().map(key -> new Term("customer_id", Value.of(key))).toList();
    boolean isDeploy = change.startsWith("deploy");
    Suspect.Evidence evidence =
        new Suspect.Evidence(
            units.requests,
            units.badRequests,
            units.otherRequests,
            units.otherBadRequests,
            units.exposed,
            units.unexposed,
            units.exposedSick,
            units.differenceAtLeast(statistic),
            onset - changedAt);
    return new Finding(
        new Verdict(
            isDeploy ? Verdict.Kind.DEPLOY : Verdict.Kind.FLAG,
            change,
            isDeploy ? "build-" + index : "",
            lever,
            terms,
            posterior),
        List.of(
            new Suspect(
                change,
                isDeploy ? "deploy" : "flag",
                change,
                posterior,
                List.of(),
                List.of(),
                evidence),
            new Suspect(
                "", "none", "none of ours", next, List.of(), List.of(), Suspect.Evidence.NONE)),
        prediction,
        pValue,
        List.of());
  }
}
