package firebreak.guard;

import java.util.SplittableRandom;

/**
 * How rough one simulated life is: the chance of each mishap, at each step or each request.
 *
 * @param crash the process dies before or after a step
 * @param diskFails a write to a log fails, and nothing is written
 * @param pause a replica halts at a step while the others go on
 * @param humanAtStep a person changes the flag at the very moment of a step
 * @param humanPerMinute a person does something, anywhere
 * @param requestLost no answer comes; half of these requests land later
 * @param repeated a request lands a second time, later
 * @param auditLagMillis how long the provider's audit log does not show a write
 * @param outages how many there are of the provider, of seconds to minutes
 * @param silences how many times no telemetry comes in, for seconds to minutes
 * @param lagMillis how late telemetry comes
 * @param clockSteps how often a replica's clock is wrong for a while
 */
record Weather(
    double crash,
    double diskFails,
    double pause,
    double humanAtStep,
    double humanPerMinute,
    double stopPerMinute,
    double busy,
    double forbidden,
    double requestLost,
    double replyLost,
    double repeated,
    double staleRead,
    long auditLagMillis,
    int outages,
    int silences,
    long lagMillis,
    int clockSteps,
    double evidenceWavers) {

  /** Nothing goes wrong. */
  static final Weather FAIR = new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2_000, 0, 0);

  boolean isFair() {
    return equals(FAIR);
  }

  /** A seed's own weather: one in ten is fair, and each kind of mishap is absent in many. */
  static Weather of(SplittableRandom random) {
    if (random.nextInt(10) == 0) {
      return FAIR;
    }
    return new Weather(
        some(random, 0.02),
        some(random, 0.02),
        some(random, 0.05),
        some(random, 0.02),
        some(random, 0.3),
        some(random, 0.08),
        some(random, 0.5),
        some(random, 0.1),
        some(random, 0.5),
        some(random, 0.5),
        some(random, 0.3),
        some(random, 0.5),
        random.nextInt(3) == 0 ? random.nextInt(25_000) : 0,
        random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0,
        random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0,
        random.nextInt(3) == 0 ? random.nextInt(40_000) : 2_000,
        random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 0,
        some(random, 0.3));
  }

  private static double some(SplittableRandom random, double most) {
    return random.nextBoolean() ? 0 : random.nextDouble() * most;
  }
}
