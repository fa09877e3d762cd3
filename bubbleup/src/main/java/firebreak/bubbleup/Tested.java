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
  static final Comparator<Tested> STRONGEST_FIRST = Tested::compare;

  private static int compare(Tested one, Tested other) {
    int order = Double.compare(other.evidence, one.evidence);
    if (order == 0) {
      order = Long.compare(other.table.hits(), one.table.hits());
    }
    if (order == 0) {
      order = one.term.field().compareTo(other.term.field());
    }
    return order == 0 ? one.term.value().compareTo(other.term.value()) : order;
  }

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
