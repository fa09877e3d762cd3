package firebreak.guard;

import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Finding;
import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One burn from its detection to its end, with what was found and done.
 *
 * @param openedAt the wall time at which the guard first saw the alert
 * @param budgetRemaining of the objective's window when last looked at; NaN when unknown
 * @param mitigations the latest last; at most one is open at a time
 */
public record Incident(
    String id,
    State state,
    BurnAlert alert,
    Instant openedAt,
    @Nullable Instant closedAt,
    double budgetRemaining,
    Explanation explanation,
    Finding finding,
    List<Mitigation> mitigations) {

  /** Smaller steps of the figures are not worth a write. */
  private static final double BURN_RATE_STEP = 0.05;

  private static final double BUDGET_STEP = 0.001;

  /** Where the incident stands. */
  public enum State {
    OPEN,
    MITIGATING,
    MITIGATED,
    CLOSED
  }

  public Incident {
    mitigations = List.copyOf(mitigations);
  }

  /** The mitigation that counts: the latest. */
  public @Nullable Mitigation mitigation() {
    return mitigations.isEmpty() ? null : mitigations.getLast();
  }

  public OptionalDouble remaining() {
    return Double.isNaN(budgetRemaining)
        ? OptionalDouble.empty()
        : OptionalDouble.of(budgetRemaining);
  }

  static Incident opened(String id, BurnAlert alert, double budget, Instant now) {
    return new Incident(
        id, State.OPEN, alert, now, null, budget, Explanation.NOTHING, Finding.UNSURE, List.of());
  }

  /** Whether the alert and the budget say something that a person would call new. */
  boolean tells(BurnAlert latest, double budget) {
    return !latest.beganAt().equals(alert.beganAt())
        || !Objects.equals(latest.endedAt(), alert.endedAt())
        || latest.detector() != alert.detector()
        || latest.urgent() != alert.urgent()
        || !latest.objective().equals(alert.objective())
        || Math.abs(latest.burnRate() / alert.burnRate() - 1) > BURN_RATE_STEP
        || Math.abs(budget - budgetRemaining) > BUDGET_STEP
        || Double.isNaN(budget) != Double.isNaN(budgetRemaining);
  }

  /** Its burn as the monitor has it now. */
  Incident seen(BurnAlert latest, double budget) {
    return new Incident(
        id, state, latest, openedAt, closedAt, budget, explanation, finding, mitigations);
  }

  Incident explained(Explanation latest, Finding found) {
    return new Incident(
        id, state, alert, openedAt, closedAt, budgetRemaining, latest, found, mitigations);
  }

  /** Adds a mitigation, in place of one that was only recommended. */
  Incident proposing(Mitigation proposal) {
    return with(withoutRecommendation(), proposal);
  }

  /** Takes back what was only recommended. */
  Incident recommendingNothing() {
    return new Incident(
        id,
        state,
        alert,
        openedAt,
        closedAt,
        budgetRemaining,
        explanation,
        finding,
        withoutRecommendation());
  }

  /** The latest mitigation has moved on. */
  Incident moving(Mitigation latest) {
    return with(mitigations.subList(0, mitigations.size() - 1), latest);
  }

  Incident in(State next, @Nullable Instant closed) {
    return new Incident(
        id, next, alert, openedAt, closed, budgetRemaining, explanation, finding, mitigations);
  }

  private List<Mitigation> withoutRecommendation() {
    Mitigation last = mitigation();
    return last != null && last.state() == Mitigation.State.RECOMMENDED
        ? mitigations.subList(0, mitigations.size() - 1)
        : mitigations;
  }

  private Incident with(List<Mitigation> earlier, Mitigation latest) {
    List<Mitigation> all = new ArrayList<>(earlier);
    all.add(latest);
    State next =
        switch (latest.state()) {
          case INTENDED, SENT, UNKNOWN, APPLIED, VERIFYING -> State.MITIGATING;
          case EFFECTIVE -> State.MITIGATED;
          case RECOMMENDED -> state;
          case AWAITING_APPROVAL,
              INEFFECTIVE,
              SUPERSEDED,
              CANCELLED,
              DECLINED,
              ESCALATED,
              RETURNING,
              UNDONE ->
              state == State.CLOSED ? State.CLOSED : State.OPEN;
        };
    return new Incident(
        id,
        next,
        alert,
        openedAt,
        next == State.CLOSED ? closedAt : null,
        budgetRemaining,
        explanation,
        finding,
        all);
  }
}
