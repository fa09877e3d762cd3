package firebreak.sim.fleet;

/**
 * More requests than usual for a while.
 *
 * @param from in milliseconds of the epoch
 * @param customers who asks more, by weight
 * @param share their share of all requests as usual
 * @param times how many times as much they ask
 * @param reaches which of the further requests come about
 */
record Surge(
    long from,
    long until,
    AliasTable customers,
    double share,
    double times,
    Fault.Exposure reaches) {

  /** Further requests, in multiples of all requests as usual. */
  double more(long millis) {
    return millis < from || millis >= until ? 0 : share * (times - 1);
  }
}
