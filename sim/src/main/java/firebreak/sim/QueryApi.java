package firebreak.sim;

import firebreak.sim.Production.Customer;
import firebreak.sim.Production.Dataset;
import firebreak.sim.Production.Host;
import firebreak.sim.fleet.Dice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The application: a query API whose answers are cached, ten minutes for most. It turns a moment of
 * traffic into the wide events that it would send, one per query that missed the cache.
 *
 * <p>What is wrong with it, and when, comes from a {@link Fault}; everything else is the same day
 * after day.
 */
final class QueryApi {

  /** Queries a second that miss the cache on a quiet day. */
  static final double QUERIES_PER_SECOND = 40;

  /** The share of queries that are slow for no reason on a quiet day. */
  static final double QUIET_SLOW_SHARE = 0.0001;

  static final List<String> FLAGS = List.of("short-cache", "dark-mode", "query-labels");

  private static final double MEDIAN_MS = 42;
  private static final double SPREAD = 0.85;
  private static final double SLOWEST_QUIET_MS = 1_800;

  private final Production production;
  private final long seed;

  QueryApi(Production production, long seed) {
    this.production = production;
    this.seed = seed;
  }

  /** One event as Honeycomb's batch takes it. */
  record Sent(Instant time, int sampleRate, Map<String, Object> fields) {}

  /** One query on its way: who asks what where, and what the host runs. */
  record Asked(Customer customer, Dataset dataset, Host host, String build, Serving serving) {}

  /** The queries of the interval that starts at {@code from}, in order of time. */
  List<Sent> interval(Instant from, long millis, Rollout rollout, Serving serving, Fault fault) {
    SplittableRandom random = new SplittableRandom(seed ^ (from.toEpochMilli() * 0x9E3779B97F4AL));
    List<Sent> events = new ArrayList<>();
    double expected = QUERIES_PER_SECOND * millis / 1_000;
    int count = Dice.poisson(expected, random);
    for (int i = 0; i < count; i++) {
      events.add(query(at(from, millis, random), 1, rollout, serving, fault, random));
    }
    Customer surging = fault.surging(production);
    if (surging != null) {
      double more = expected * surging.share() * (fault.surge() - 1);
      int extra = Dice.poisson(more, random);
      for (int i = 0; i < extra; i++) {
        Instant time = at(from, millis, random);
        Asked asked = asked(surging, rollout, time, serving, random);
        if (fault.missesCache(asked, time)) {
          events.add(event(asked, time, 1, fault, random));
        }
      }
    }
    events.sort((a, b) -> a.time().compareTo(b.time()));
    return events;
  }

  /** One query of a quiet moment that stands for {@code sampleRate} like it. */
  Sent sampled(
      Instant time, int sampleRate, boolean slow, Rollout rollout, Serving serving, long salt) {
    SplittableRandom random =
        new SplittableRandom(seed ^ (time.toEpochMilli() * 0x9E3779B97F4AL) ^ salt);
    Fault fault = slow ? new Fault.SlowByChance() : new Fault.Nothing();
    return query(time, sampleRate, rollout, serving, fault, random);
  }

  private Sent query(
      Instant time,
      int sampleRate,
      Rollout rollout,
      Serving serving,
      Fault fault,
      SplittableRandom random) {
    Asked asked = asked(production.customer(random), rollout, time, serving, random);
    return event(asked, time, sampleRate, fault, random);
  }

  private Asked asked(
      Customer customer, Rollout rollout, Instant time, Serving serving, SplittableRandom random) {
    Host host = production.hosts().get(random.nextInt(production.hosts().size()));
    Dataset dataset = customer.datasets().get(random.nextInt(customer.datasets().size()));
    return new Asked(customer, dataset, host, rollout.build(host, time), serving);
  }

  private Sent event(
      Asked asked, Instant time, int sampleRate, Fault fault, SplittableRandom random) {
    double quiet = Math.min(MEDIAN_MS * Math.exp(SPREAD * random.nextGaussian()), SLOWEST_QUIET_MS);
    boolean unlucky = sampleRate == 1 && random.nextDouble() < QUIET_SLOW_SHARE;
    Fault effect = unlucky ? new Fault.SlowByChance() : fault;
    double duration = effect.duration(asked, time, quiet, random);
    boolean month = effect.readsAMonth(asked, time);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", "query");
    fields.put("service.name", production.service());
    fields.put("deployment.environment.name", "production");
    fields.put("build_id", asked.build());
    fields.put("host.name", asked.host().name());
    fields.put("region", asked.host().region());
    fields.put("customer_id", asked.customer().id());
    fields.put("customer.plan", asked.customer().plan());
    fields.put("dataset_id", asked.dataset().id());
    fields.put("partition", asked.dataset().partition());
    fields.put("duration_ms", Math.round(duration * 1_000) / 1_000.0);
    fields.put("status_code", 200);
    fields.put("range_hours", month ? 720 : 1 + random.nextInt(24));
    fields.put("result.groups", month ? 8_200 + random.nextInt(4_000) : random.nextInt(1_200));
    fields.put("query.calculation", Dice.pick(random, "COUNT", "P99", "AVG", "HEATMAP", "SUM"));
    fields.put("query.breakdowns", random.nextInt(4));
    fields.put("client", Dice.pick(random, "board", "explorer", "api", "alert"));
    fields.put("trace.trace_id", hex(random) + hex(random));
    fields.put("trace.span_id", hex(random));
    for (String flag : FLAGS) {
      fields.put("flag." + flag, asked.serving().variation(flag, asked.customer()));
    }
    return new Sent(time, sampleRate, fields);
  }

  private static Instant at(Instant from, long millis, SplittableRandom random) {
    return from.plusMillis(random.nextLong(millis));
  }

  private static String hex(SplittableRandom random) {
    return "%016x".formatted(random.nextLong());
  }
}
