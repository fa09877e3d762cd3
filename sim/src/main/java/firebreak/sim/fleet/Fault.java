package firebreak.sim.fleet;

/**
 * Something that makes requests fail.
 *
 * @param from in milliseconds of the epoch
 * @param points the share of exposed requests that fail for it
 * @param slow whether they fail by being slow, else with an error
 * @param drag what it multiplies the latency of exposed requests with
 */
record Fault(long from, Exposure exposure, double points, boolean slow, double drag) {

  /** How much of a fault reaches a request: 0 not at all, 1 fully. */
  @FunctionalInterface
  interface Exposure {
    double of(Request request);
  }

  /** The share of requests like this one that fail for it. */
  double share(Request request) {
    return request.millis < from ? 0 : points * exposure.of(request);
  }
}
