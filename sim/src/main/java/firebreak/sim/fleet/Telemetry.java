package firebreak.sim.fleet;

/**
 * A region whose collector drops most good events, gives what it keeps a weight of its own, and
 * whose clock is off.
 *
 * @param from in milliseconds of the epoch
 * @param keepGood the share of good events that it keeps
 * @param sampleRate what it writes on all that it keeps
 */
record Telemetry(int region, long from, double keepGood, int sampleRate, long skewMillis) {
  static final Telemetry SOUND = new Telemetry(-1, Long.MAX_VALUE, 1, 1, 0);

  boolean isBroken(Request request) {
    return request.millis >= from && request.host().region() == region;
  }
}
