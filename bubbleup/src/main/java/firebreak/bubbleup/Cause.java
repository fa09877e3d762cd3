package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Weight;
import java.util.Comparator;
import java.util.List;

/**
 * Terms that explain, and how well.
 *
 * @param table the events that match against all others of the same time
 * @param score in nats; of two causes the one with more explains better
 * @param pValue adjusted for all that was tested
 * @param total what the shares are shares of
 */
record Cause(List<Term> terms, ContingencyTable table, double score, double pValue, Weight total) {

  /** Best first; of equally good ones the simpler, so that the order never depends on luck. */
  static final Comparator<Cause> BEST_FIRST =
      Comparator.comparingDouble((Cause cause) -> -cause.score)
          .thenComparingInt(cause -> cause.terms.size())
          .thenComparing(cause -> cause.terms.toString());

  Conjunction conjunction() {
    return Conjunction.of(terms, table, total, pValue);
  }
}
