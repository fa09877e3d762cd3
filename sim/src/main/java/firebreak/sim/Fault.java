package firebreak.sim;

import firebreak.sim.Production.Customer;
import firebreak.sim.QueryApi.Asked;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What is wrong with production, and for whom. */
sealed interface Fault {

  /** How long a query takes that would take {@code quietMs} on a good day. */
  double duration(Asked asked, Instant time, double quietMs, SplittableRandom random);

  /** The customer whose queries may run more often, if any. */
  default @Nullable Customer surging(Production production) {
    return null;
  }

  /** How many times as often they run where the cache fails them. */
  default double surge() {
    return 1;
  }

  default boolean missesCache(Asked asked, Instant time) {
    return false;
  }

  default boolean readsAMonth(Asked asked, Instant time) {
    return false;
  }

  /** A quiet day. */
  record Nothing() implements Fault {
    @Override
    public double duration(Asked asked, Instant time, double quietMs, SplittableRandom random) {
      return quietMs;
    }
  }

  /** The odd slow query that every service has. */
  record SlowByChance() implements Fault {
    @Override
    public double duration(Asked asked, Instant time, double quietMs, SplittableRandom random) {
      return 2_000 + 1_500 * random.nextDouble();
    }
  }

  /**
   * The talk's fault: the new build caches for ten seconds instead of ten minutes, and reads a
   * month instead of a day, where the flag says so. One customer has boards open that refresh all
   * the time: its queries now miss the cache fifty times as often, and each reads a month. The
   * store behind the partitions slows a little for everyone.
   */
  record ShortCache(String build, String flag, String customer, Instant from) implements Fault {
    private static final double SLOW_SHARE = 0.85;
    private static final double NEIGHBOUR_SLOWDOWN = 1.15;

    @Override
    public Customer surging(Production production) {
      return production.customer(customer);
    }

    @Override
    public double surge() {
      return 50;
    }

    @Override
    public boolean missesCache(Asked asked, Instant time) {
      return hits(asked, time);
    }

    @Override
    public boolean readsAMonth(Asked asked, Instant time) {
      return hits(asked, time);
    }

    @Override
    public double duration(Asked asked, Instant time, double quietMs, SplittableRandom random) {
      if (!hits(asked, time)) {
        boolean neighbour =
            !time.isBefore(from)
                && Production.RETAIL_PARTITIONS.contains(asked.dataset().partition());
        return Math.min(neighbour ? quietMs * NEIGHBOUR_SLOWDOWN : quietMs, 1_900);
      }
      return random.nextDouble() < SLOW_SHARE
          ? 2_050 + 2_400 * Math.exp(0.4 * random.nextGaussian())
          : 900 + 1_000 * random.nextDouble();
    }

    private boolean hits(Asked asked, Instant time) {
      return !time.isBefore(from)
          && asked.customer().id().equals(customer)
          && asked.build().equals(build)
          && asked.serving().variation(flag, asked.customer()).equals("true");
    }
  }

  /** None of ours: the store behind the API is slow for everyone, on every build and variation. */
  record StoreOutage(Instant from) implements Fault {
    private static final double SLOW_SHARE = 0.9;

    @Override
    public double duration(Asked asked, Instant time, double quietMs, SplittableRandom random) {
      boolean slow = !time.isBefore(from) && random.nextDouble() < SLOW_SHARE;
      return slow ? 2_100 + 3_000 * random.nextDouble() : quietMs;
    }
  }
}
