package firebreak.guard;

import com.google.errorprone.annotations.FormatMethod;
import firebreak.deploytracker.Suspect;
import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison of those whom a change reached with the others must show before the guard takes
 * the change back from all: each point that it does not show gives a clause. What is not known
 * shows nothing.
 */
final class ProofAcrossUnits {
  /** On either side: with fewer, a few odd ones decide it. */
  static final long UNITS_AT_LEAST = 30;

  static final long AFFECTED_AT_LEAST = 5;
  static final double RISK_RATIO_AT_LEAST = 2;

  private final List<String> lacks = new ArrayList<>();

  private ProofAcrossUnits() {}

  /**
   * What is lacking; empty when it is proven.
   *
   * @param significance the p-value that is small enough
   * @param budgetShare the share of bad events that the objective allows
   */
  static List<String> lacks(
      Suspect.Evidence evidence, double pValue, double significance, double budgetShare) {
    ProofAcrossUnits proof = new ProofAcrossUnits();
    proof.units(evidence);
    proof.demand(
        pValue <= significance, "p is %.2g and must be at most %.2g", pValue, significance);
    double exposed = share(evidence.exposedBad(), evidence.exposedEvents());
    double unexposed = share(evidence.unexposedBad(), evidence.unexposedEvents());
    proof.demand(
        exposed >= RISK_RATIO_AT_LEAST * unexposed,
        "%.2g of their requests fail and must be %.0f times the others' %.2g",
        exposed,
        RISK_RATIO_AT_LEAST,
        unexposed);
    proof.demand(
        evidence.differenceAtLeast() > budgetShare,
        "the shares that fail may differ by only %.2g and must by more than the allowed %.2g",
        evidence.differenceAtLeast(),
        budgetShare);
    return proof.lacks;
  }

  private void units(Suspect.Evidence evidence) {
    demand(
        evidence.unitsExposed() >= UNITS_AT_LEAST && evidence.unitsUnexposed() >= UNITS_AT_LEAST,
        "it compares %d units with %d and must %d with %3$d",
        evidence.unitsExposed(),
        evidence.unitsUnexposed(),
        UNITS_AT_LEAST);
    demand(
        evidence.unitsAffected() >= AFFECTED_AT_LEAST,
        "%d units fail and must be %d",
        evidence.unitsAffected(),
        AFFECTED_AT_LEAST);
  }

  /** Every comparison with NaN is false: no data is no evidence. */
  private static double share(long bad, long events) {
    return events == 0 ? Double.NaN : (double) bad / events;
  }

  @FormatMethod
  private void demand(boolean holds, String format, Object... arguments) {
    if (!holds) {
      lacks.add(format.formatted(arguments));
    }
  }
}
