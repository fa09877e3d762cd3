package firebreak.guard;

import firebreak.deploytracker.Finding;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One withdrawal of a variation from an audience, from the thought to its proven effect.
 *
 * @param id the withdrawal's intent
 * @param actor "guard", or the person who asked for it
 * @param refusals why the guard does not do it by itself; empty when nothing stands against it
 * @param before and after: the flag's definition, JSON text; empty until applied
 * @param fenceAfter what the flag's fence became; empty until applied
 * @param observedBurnRate after it took effect; NaN until there are events enough
 */
public record Mitigation(
    String id,
    State state,
    Withdrawal withdrawal,
    String actor,
    List<String> refusals,
    Finding.Prediction predicted,
    Instant proposedAt,
    @Nullable Instant sentAt,
    @Nullable Instant appliedAt,
    String before,
    String after,
    String fenceAfter,
    double observedBurnRate,
    String note) {

  /** The states of the protocol; see ARCHITECTURE.md. */
  public enum State {
    RECOMMENDED,
    INTENDED,
    SENT,
    APPLIED,
    UNKNOWN,
    VERIFYING,
    EFFECTIVE,
    INEFFECTIVE,
    SUPERSEDED,
    CANCELLED,
    ESCALATED,
    UNDONE
  }

  public Mitigation {
    refusals = List.copyOf(refusals);
  }
}
