package firebreak.bubbleup;

import java.util.List;

/**
 * One to three terms that hold together, commoner among the selected events than among the rest.
 *
 * @param excess selected events beyond what the rest's rate would have made of those that match
 * @param pValue adjusted for all that was tested
 */
public record Conjunction(
    List<Term> terms, double selectionShare, double baselineShare, double excess, double pValue) {
  public Conjunction {
    terms = List.copyOf(terms);
  }
}
