package firebreak.deploytracker;

import firebreak.bubbleup.BubbleUp;
import firebreak.bubbleup.Explanation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * A small fleet under traffic for two hours and some minutes, from a seed: eight hosts in two
 * regions, three hundred customers of unequal size. A story says what is rolled out, what is turned
 * on, and what fails.
 */
final class Fleet {
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
  static final Objective OBJECTIVE =
      new Objective(
          "query-api-fast",
          "Queries answer in under two seconds",
          "query-api",
          List.of("query-api"),
          Filter.equal("name", "query"),
          new Filter.Compare("duration_ms", Relation.LESS, Value.of(2000)),
          0.999,
          Duration.ofDays(30));

  private static final int HOSTS = 8;
  private static final int RETAIL = 3;
  private static final int CUSTOMERS = 300;
  private static final int PER_MINUTE = 600;

  /** What becomes of one request: may change its fields, and says how likely it is to fail. */
  @FunctionalInterface
  interface Fate {
    double badShare(Request request);
  }

  /** More requests than usual, as a multiple of one customer's own. */
  @FunctionalInterface
  interface Surge {
    double times(String customer, String host, Instant time);
  }

  /** A request before it is known how it went. */
  record Request(Instant time, int customer, int host, Map<String, Value> fields) {
    boolean has(String field, String value) {
      return Value.of(value).equals(fields.get(field));
    }

    void put(String field, String value) {
      fields.put(field, Value.of(value));
    }
  }

  private final long seed;
  private final Random random;
  private final List<Integer> rolloutOrder = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<UnaryOperator<Event>> rewrites = new ArrayList<>();
  private Instant rolloutStart = Instant.MAX;
  private Duration rolloutLength = Duration.ZERO;
  private Fate fate = _ -> 0.0005;
  private Surge surge = (_, _, _) -> 1;
  private boolean shuffled;
  private int goodRate = 1;

  Fleet(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    for (int host = 0; host < HOSTS; host++) {
      rolloutOrder.add(host);
    }
    Collections.shuffle(rolloutOrder, random);
  }

  long seed() {
    return seed;
  }

  static Instant at(double minutes) {
    return NOON.plusMillis(Math.round(60_000 * minutes));
  }

  /** Build 8812 replaces 8811, host by host. */
  Fleet rollsOut(double minute, double lengthMinutes) {
    rolloutStart = at(minute);
    rolloutLength = Duration.ofSeconds(Math.round(60 * lengthMinutes));
    changes.add(
        new Change.Deploy(
            "deploy:8812",
            rolloutStart,
            null,
            "query-api",
            "",
            "8812",
            "",
            "",
            "",
            Change.DeployState.SUCCEEDED,
            false,
            "",
            "",
            ""));
    return this;
  }

  /** A flag's targeting is saved; what it serves is the fate's to say. */
  Fleet changesFlag(String flag, double minute) {
    changes.add(
        new Change.FlagChange(
            "flag:" + flag, at(minute), flag, "", "", "7", "{}", "{}", false, "", "", ""));
    return this;
  }

  Fleet forgetsToDeclareDeploys() {
    changes.removeIf(change -> change instanceof Change.Deploy);
    return this;
  }

  Fleet fails(Fate newFate) {
    fate = newFate;
    return this;
  }

  Fleet surges(Surge newSurge) {
    surge = newSurge;
    return this;
  }

  Fleet rewritten(UnaryOperator<Event> rewrite) {
    rewrites.add(rewrite);
    return this;
  }

  /** Of the good events only one in so many is sent, and says so. */
  Fleet thinsGoodOnes(int rate) {
    goodRate = rate;
    return this;
  }

  Fleet shuffled() {
    shuffled = true;
    return this;
  }

  List<Change> changes() {
    return changes;
  }

  /** The same share of customers every time, chosen by hash of the flag and the customer. */
  static boolean isIn(String flag, int customer, double share) {
    return Math.floorMod((flag + customer).hashCode() * 0x9E3779B9, 1000) < 1000 * share;
  }

  private String build(int host, Instant time) {
    long step = rolloutLength.toMillis() * rolloutOrder.indexOf(host) / HOSTS;
    return time.isBefore(rolloutStart) || time.isBefore(rolloutStart.plusMillis(step))
        ? "8811"
        : "8812";
  }

  private int customer() {
    return (int) (CUSTOMERS * Math.pow(random.nextDouble(), 1.6));
  }

  static String name(int customer) {
    return customer == RETAIL ? "retail" : "customer-" + customer;
  }

  private List<Event> events(int untilMinute) {
    List<Event> events = new ArrayList<>();
    for (int minute = -120; minute < untilMinute; minute++) {
      for (int i = 0; i < PER_MINUTE; i++) {
        int customer = customer();
        int host = random.nextInt(HOSTS);
        Instant time = at(minute + random.nextDouble());
        double times = surge.times(name(customer), "host-" + host, time);
        for (double left = times; left > 0 && random.nextDouble() < left; left--) {
          Event event = event(time.plusMillis(random.nextInt(1000)), customer, host);
          if (goodRate == 1 || !OBJECTIVE.good().matches(event)) {
            events.add(event);
          } else if (random.nextInt(goodRate) == 0) {
            events.add(new Event(event.time(), goodRate, event.fields()));
          }
          host = random.nextInt(HOSTS);
        }
      }
    }
    if (shuffled) {
      Collections.shuffle(events, new Random(seed + 1));
    }
    return events;
  }

  private Event event(Instant time, int customer, int host) {
    Map<String, Value> fields = new HashMap<>();
    Request request = new Request(time, customer, host, fields);
    request.put("name", "query");
    request.put("service.name", "query-api");
    request.put("customer_id", name(customer));
    request.put("host.name", "host-" + host);
    request.put("region", host < HOSTS / 2 ? "north" : "south");
    request.put("platform", customer % 5 == 0 ? "mobile" : "web");
    request.put("build_id", build(host, time));
    request.put("trace.trace_id", Long.toHexString(random.nextLong()));
    request.put("flag.old-one", "on");
    fields.put("partition", Value.of(random.nextInt(96)));
    boolean bad = random.nextDouble() < fate.badShare(request);
    fields.put("duration_ms", Value.of(bad ? 2000 + random.nextInt(5000) : random.nextInt(800)));
    Event event = new Event(time, 1, fields);
    for (UnaryOperator<Event> rewrite : rewrites) {
      event = rewrite.apply(event);
    }
    return event;
  }

  /** The verdict three minutes after the burn, which began about {@code onsetMinute}. */
  Finding judge(double onsetMinute) {
    return judge(onsetMinute, 3);
  }

  Finding judge(double onsetMinute, double minutesLater) {
    Instant now = at(onsetMinute + minutesLater);
    try (EventStore store = EventStore.inMemory()) {
      store.append("query-api", events((int) Math.ceil(onsetMinute + minutesLater)));
      Instant onset = onset(store, at(onsetMinute), now);
      BurnAlert alert =
          new BurnAlert(
              OBJECTIVE,
              BurnAlert.Detector.BURN_RATE,
              onset,
              onset.plusSeconds(60),
              null,
              20,
              0.01);
      Selection selection =
          new Selection(
              OBJECTIVE.datasets(),
              new TimeRange(onset, now),
              OBJECTIVE.eligible(),
              Filter.not(OBJECTIVE.good()));
      Explanation explanation = new BubbleUp(store).explain(selection, BubbleUp.MAX_TERMS);
      return new Attribution(store, FieldRoles.DEFAULT).weigh(alert, changes, explanation, now);
    }
  }

  /** The first ten seconds, from a minute before the guess on, that begin a minute of burning. */
  private static Instant onset(EventStore store, Instant guess, Instant now) {
    SortedMap<Instant, Tally> slots =
        new History(store, OBJECTIVE)
            .series(new TimeRange(guess.minusSeconds(60), now), Filter.ALL);
    for (Map.Entry<Instant, Tally> slot : slots.entrySet()) {
      Tally minute =
          slots.subMap(slot.getKey(), slot.getKey().plusSeconds(60)).values().stream()
              .reduce(Tally.NONE, Tally::plus);
      if (slot.getValue().bad() >= 1 && minute.rate() >= 0.01) {
        return slot.getKey();
      }
    }
    return guess;
  }
}
