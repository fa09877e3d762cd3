package firebreak.deploytracker;

import firebreak.bubbleup.ContingencyTable;

/** Events and the bad ones among them, by weight. */
record Tally(long events, long bad) {
  static final Tally NONE = new Tally(0, 0);

  Tally plus(Tally other) {
    return new Tally(events + other.events, bad + other.bad);
  }

  Tally minus(Tally other) {
    return new Tally(events - other.events, bad - other.bad);
  }

  /** The share that is bad, 0 without events. */
  double rate() {
    return events == 0 ? 0 : (double) bad / events;
  }

  /** The counts as a test may take them. */
  Tally scaled(double scale) {
    return new Tally(Math.round(events * scale), Math.round(bad * scale));
  }

  ContingencyTable against(Tally rest) {
    return new ContingencyTable(bad, events, rest.bad, rest.events);
  }
}
