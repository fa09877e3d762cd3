package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Weight;
import java.util.Comparator;

/**
 * A term with how often its events are selected, and how often all others are.
 *
 * @param evidence the table's, kept since it is looked at in every comparison
 */
record Tested(Term term, ContingencyTable table, double evidence) {

  /**
   * Strongest first, then of most selected events; ties by what a person reads, so that the order
   * never depends on luck.
   */
  static final Comparator<Tested> STRONGEST_FIRST =
      Comparator.comparingDouble((Tested tested) -> -tested.evidence)
          .thenComparingLong(tested -> -tested.table.hits())
          .thenComparing(tested -> tested.term.field())
          .thenComparing(tested -> tested.term.value());

  Tested(Term term, ContingencyTable table) {
    this(term, table, table.evidence());
  }

  /** The table of the events of one weight within a total. */
  static ContingencyTable table(Weight some, Weight total) {
    return new ContingencyTable(
        some.selected(),
        some.selected() + some.baseline(),
        total.selected() - some.selected(),
        total.selected() - some.selected() + total.baseline() - some.baseline());
  }
}
