package firebreak.guard;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Value;
import firebreak.flags.FlagReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The query API of the talk: twenty customers, four of them beta customers behind the flag; with
 * the new build the flag's path is slow for the one whose queries have many groups, and that one
 * sends more of them.
 */
final class TalkTraffic {
  static final String DATASET = "query-api";
  static final int CUSTOMERS = 20;
  static final List<String> BETA = List.of("retail", "customer-1", "customer-2", "customer-3");
  private static final int EVENTS_PER_SECOND = 10;
  private static final int HOSTS = 12;
  private static final long SECONDS_PER_HOST = 15;

  private final EventStore store;
  private final FlagReader flags;
  private final Random random;

  TalkTraffic(EventStore store, FlagReader flags, long seed) {
    this.store = store;
    this.flags = flags;
    random = new Random(seed);
  }

  /** Each host serves the old build until the rollout reaches it. */
  private static String build(int host, Instant time) {
    Instant reached = TalkIncidentTest.DEPLOYED.plusSeconds(host * SECONDS_PER_HOST);
    return time.isBefore(reached) || !time.isBefore(TalkIncidentTest.ROLLED_BACK)
        ? TalkIncidentTest.OLD_BUILD
        : TalkIncidentTest.NEW_BUILD;
  }

  void play(Instant from, Instant until) {
    Map<String, String> served = new HashMap<>();
    List<Event> events = new ArrayList<>();
    for (Instant second = from; second.isBefore(until); second = second.plusSeconds(1)) {
      for (int i = 0; i < EVENTS_PER_SECOND; i++) {
        Instant time = second.plusMillis(i * 100L);
        int host = random.nextInt(HOSTS);
        String build = build(host, time);
        String customer = customer(time);
        String variation =
            served.computeIfAbsent(
                customer, one -> flags.serve("short-cache", "customer", one, Map.of()).variation());
        events.add(query(time, customer, variation, build, host));
      }
    }
    store.append(DATASET, events);
  }

  private String customer(Instant time) {
    int often = time.isBefore(TalkIncidentTest.DEPLOYED) ? 2 : 6;
    int pick = random.nextInt(CUSTOMERS - 1 + often);
    return pick < CUSTOMERS - 1 ? "customer-" + (pick + 1) : "retail";
  }

  private Event query(Instant time, String customer, String variation, String build, int host) {
    boolean slow =
        customer.equals("retail")
            && variation.equals("true")
            && build.equals(TalkIncidentTest.NEW_BUILD);
    Map<String, Value> fields = new HashMap<>();
    fields.put("name", Value.of("query"));
    fields.put("service.name", Value.of(DATASET));
    fields.put("environment", Value.of("production"));
    fields.put("customer_id", Value.of(customer));
    fields.put("build_id", Value.of(build));
    fields.put("flag.short-cache", Value.of(variation));
    fields.put("host.name", Value.of("host-" + host));
    fields.put("partition", Value.of(slow ? random.nextInt(3) : random.nextInt(24)));
    fields.put("groups", Value.of(slow ? 9_000 + random.nextInt(999) : random.nextInt(200)));
    fields.put(
        "duration_ms",
        Value.number(slow ? 2_500 + random.nextInt(3_000) : 20 + random.nextInt(800)));
    return new Event(time, 1, fields);
  }
}
