package firebreak.guard;

import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Finding;
import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.List;
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
}
