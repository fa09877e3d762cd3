package firebreak.guard;

import firebreak.bubbleup.Interval;
import firebreak.deploytracker.SideBySide;
import firebreak.guard.GateSituation.Budget;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a step of a release may be taken now: a pure function of the situation.
 *
 * <p>No is said on evidence, yes when even the worst that the evidence allows is affordable, and
 * neither where it cannot be told.
 */
public final class Gate {
  /** For so long a step is taken to go on as it goes before anybody does something about it. */
  public static final Duration HORIZON = Duration.ofHours(1);

  /** A step may cost this share of what is left of the budget. */
  public static final double SPEND_AT_MOST = 0.25;

  /** A build is called worse than the rest at this chance of being wrong. */
  public static final double SIGNIFICANCE = 0.01;

  /** A suspect believed less than this is not worth a word. */
  public static final double SUSPICION = 0.2;

  private Gate() {}

  /** The answer. */
  public enum Verdict {
    YES,
    NO,
    UNKNOWN
  }

  /**
   * What the gate says.
   *
   * @param reasons sentences with their numbers, what decided first
   * @param budgetRemaining the least of the service's objectives; NaN when unknown
   * @param forecast of the objective that has most to lose; null where nothing can be foretold
   */
  public record Answer(
      Verdict verdict, List<String> reasons, double budgetRemaining, @Nullable Forecast forecast) {
    public Answer {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * What the step would cost one objective over {@link #HORIZON}, were the build to fail beyond the
   * rest by as much as the 95 % interval allows.
   *
   * @param step share of the traffic that the step reaches
   * @param eligible events expected on the build
   * @param expected bad events beyond those of the rest; {@code low} and {@code high} its interval
   * @param allowed bad events that the step may cost
   * @param sides eligible and bad events of the build so far, and of the rest of the same minutes
   * @param pValue the chance of such a difference if the build were like the rest
   */
  public record Forecast(
      Objective objective,
      double step,
      double eligible,
      double expected,
      double low,
      double high,
      double allowed,
      double budgetAfter,
      SideBySide sides,
      double pValue) {}

  /** Decides. */
  public static Answer decide(GateSituation situation) {
    List<String> no = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (situation.budgets().isEmpty()) {
      unknown.add(
          "No objective is about the service %s; there are objectives for %s."
              .formatted(situation.question().service(), situation.servicesKnown()));
    }
    for (Budget budget : situation.budgets()) {
      judge(budget, no, unknown, notes);
    }
    situation.suspicions().forEach(suspicion -> judge(suspicion, no, unknown));
    @Nullable Forecast forecast = forecast(situation);
    if (forecast != null) {
      judge(forecast, situation.question(), no, unknown, notes);
    } else if (!situation.question().buildId().isEmpty() && !situation.budgets().isEmpty()) {
      notes.add(
          "No event of build %s has come in yet, so nothing is foretold of it."
              .formatted(situation.question().buildId()));
    }
    Verdict verdict =
        !no.isEmpty() ? Verdict.NO : unknown.isEmpty() ? Verdict.YES : Verdict.UNKNOWN;
    List<String> reasons = new ArrayList<>(no);
    reasons.addAll(unknown);
    reasons.addAll(notes);
    return new Answer(verdict, reasons, leastRemaining(situation), forecast);
  }

  private static double leastRemaining(GateSituation situation) {
    return situation.budgets().stream()
        .mapToDouble(Budget::remaining)
        .filter(remaining -> !Double.isNaN(remaining))
        .min()
        .orElse(Double.NaN);
  }

  private static void judge(
      Budget budget, List<String> no, List<String> unknown, List<String> notes) {
    String id = budget.objective().id();
    if (!budget.burning().isEmpty()) {
      no.add(budget.burning());
    }
    if (Double.isNaN(budget.remaining())) {
      unknown.add("%s has seen no eligible event, so its budget is unknown.".formatted(id));
    } else if (budget.remaining() <= 0) {
      no.add("%s has no budget left: %s of it remains.".formatted(id, percent(budget.remaining())));
    } else {
      notes.add("%s has %s of its budget left.".formatted(id, percent(budget.remaining())));
    }
    if (!Double.isNaN(budget.remaining()) && budget.lastHour().eligible() == 0) {
      unknown.add(
          "%s has seen no eligible event for an hour: nothing would show how the step goes."
              .formatted(id));
    }
  }

  private static void judge(
      GateSituation.Suspicion suspicion, List<String> no, List<String> unknown) {
    if (suspicion.isBlamed()) {
      no.add(
          "Incident %s is open, and %s is what did it (%s)."
              .formatted(suspicion.incident(), suspicion.name(), percent(suspicion.posterior())));
    } else if (suspicion.posterior() >= SUSPICION) {
      unknown.add(
          "Incident %s is open, and %s is among its suspects (%s)."
              .formatted(suspicion.incident(), suspicion.name(), percent(suspicion.posterior())));
    }
  }

  private static void judge(
      Forecast forecast,
      GateSituation.Question question,
      List<String> no,
      List<String> unknown,
      List<String> notes) {
    String id = forecast.objective().id();
    Counts build = forecast.sides().some();
    SideBySide sides = forecast.sides();
    double share = forecast.objective().budgetShare();
    if (forecast.pValue() <= SIGNIFICANCE && sides.rate() > share) {
      no.add(
          "Build %s is worse for %s: %s of %d events are bad, of the rest of the same minutes %s of"
                  .formatted(
                      question.buildId(),
                      id,
                      percent(sides.rate()),
                      build.eligible(),
                      percent(sides.restRate()))
              + " %d (p = %.2g).".formatted(sides.rest().eligible(), forecast.pValue()));
    }
    String costs =
        "At %s of the traffic for an hour the step costs %s between %s and %s bad events; %s may be"
                .formatted(
                    percent(forecast.step()),
                    id,
                    whole(forecast.low()),
                    whole(forecast.high()),
                    whole(forecast.allowed()))
            + " spent.";
    if (forecast.low() > forecast.allowed()) {
      no.add(costs);
    } else if (forecast.high() > forecast.allowed() && isBinding(question, build)) {
      unknown.add(costs);
    } else {
      notes.add(costs);
    }
  }

  /** Nobody who asks to begin has events to show; who asks for a named step may have. */
  private static boolean isBinding(GateSituation.Question question, Counts build) {
    return question.step() != null || build.eligible() > 0;
  }

  private static @Nullable Forecast forecast(GateSituation situation) {
    if (situation.question().buildId().isEmpty() && situation.question().flag().isEmpty()) {
      return null;
    }
    Double step = situation.question().step();
    return situation.budgets().stream()
        .filter(budget -> !Double.isNaN(budget.remaining()))
        .filter(budget -> step != null || budget.sides().some().eligible() > 0)
        .map(budget -> forecast(budget, step == null ? 1 : step))
        .max(Comparator.comparingDouble(forecast -> forecast.high() / forecast.allowed()))
        .orElse(null);
  }

  private static Forecast forecast(Budget budget, double step) {
    SideBySide sides = budget.sides();
    Interval difference = sides.difference();
    double eligible = step * budget.lastHour().eligible();
    double expected = Math.max(0, sides.rate() - sides.restRate()) * eligible;
    double high = Math.max(0, difference.high()) * eligible;
    double total = budget.objective().budgetShare() * budget.window().eligible();
    double left = Math.max(0, budget.remaining()) * total;
    return new Forecast(
        budget.objective(),
        step,
        eligible,
        expected,
        Math.max(0, difference.low()) * eligible,
        high,
        SPEND_AT_MOST * left,
        total > 0 ? budget.remaining() - high / total : Double.NaN,
        sides,
        sides.pValue());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, Math.abs(share) < 0.1 ? "%.2f %%" : "%.0f %%", 100 * share);
  }

  private static String whole(double events) {
    return String.format(Locale.ROOT, events < 10 ? "%.1f" : "%.0f", events);
  }
}
