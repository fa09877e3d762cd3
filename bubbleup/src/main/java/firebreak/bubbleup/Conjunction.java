package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Weight;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One to three terms that hold together, commoner among the selected events than among the rest.
 *
 * @param selectionShare of the selected events, those that match; from 0 to 1
 * @param rate of the events that match, those that are selected; {@code restRate} of all others
 * @param excess selected events beyond what the rest's rate would have made of those that match
 * @param excessInterval in which the excess lies in 95 of 100 cases
 * @param pValue adjusted for all that was tested
 */
public record Conjunction(
    List<Term> terms,
    double selectionShare,
    double baselineShare,
    double rate,
    double restRate,
    double excess,
    Interval excessInterval,
    double pValue) {
  public Conjunction {
    terms = List.copyOf(terms);
    excessInterval = Interval.orPoint(excessInterval, excess);
  }

  static Conjunction of(List<Term> terms, ContingencyTable table, Weight total, double pValue) {
    return new Conjunction(
        terms,
        Shares.selected(table, total),
        Shares.baseline(table, total),
        table.rate(),
        table.restRate(),
        table.excess(),
        table.excessInterval(),
        pValue);
  }

  /** What it means, as one sentence. */
  public String says() {
    return Sentence.of(
        terms.stream().map(Term::display).collect(Collectors.joining(" and ")),
        rate,
        restRate,
        excess,
        excessInterval);
  }
}
