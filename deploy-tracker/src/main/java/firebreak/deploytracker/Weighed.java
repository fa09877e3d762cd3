package firebreak.deploytracker;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was found about one candidate.
 *
 * @param standing whether it can be blamed, cleared, or not be told
 * @param comparison with the unexposed of the same minutes; null where none was made
 * @param score in nats, against "none of ours"
 * @param pValue of the few units' blocks before and after, or of hosts or customers with and
 *     without it; 1 where not tested
 */
record Weighed(
    Candidate candidate,
    Standing standing,
    @Nullable Comparison comparison,
    double score,
    double pValue,
    List<String> reasonsFor,
    List<String> reasonsAgainst) {

  /** What the evidence allows to be said. */
  enum Standing {
    /** Worse where it reached than where it did not. */
    BLAMED,
    /** Nothing to compare with: it may have done it, and may not. */
    UNCLEAR,
    /** It did not do it. */
    CLEARED
  }

  Weighed {
    reasonsFor = List.copyOf(reasonsFor);
    reasonsAgainst = List.copyOf(reasonsAgainst);
  }

  /** The same, cleared for one more reason. */
  Weighed cleared(String reason) {
    return new Weighed(
        candidate,
        Standing.CLEARED,
        comparison,
        Math.min(score, Weighing.CLEARED_SCORE),
        pValue,
        reasonsFor,
        plus(reasonsAgainst, reason));
  }

  /** This flag's, together with a build. */
  Weighed paired(Candidate pair, double pairScore, String reason) {
    return new Weighed(
        pair, standing, comparison, pairScore, pValue, plus(reasonsFor, reason), reasonsAgainst);
  }

  private static List<String> plus(List<String> reasons, String reason) {
    return Stream.concat(reasons.stream(), Stream.of(reason)).toList();
  }
}
