package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Weight;

/** What share of either side a table's events are. */
final class Shares {
  private Shares() {}

  static double selected(ContingencyTable table, Weight total) {
    return share(table.hits(), total.selected());
  }

  static double baseline(ContingencyTable table, Weight total) {
    return share(table.trials() - table.hits(), total.baseline());
  }

  static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
