package firebreak.sim.fleet;

import firebreak.flags.FlagState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One production around one incident, from six hours before it to an hour and a half after it.
 *
 * <p>It is for one thread. Minutes may be asked for in any order and as often as one likes.
 */
public final class Fleet {
  /** The first minute that can be asked for; minute 0 is about when things go wrong. */
  public static final int FIRST_MINUTE = -360;

  /** The end of the last minute that can be asked for. */
  public static final int END_MINUTE = 100;

  /** The dataset of its events, and the service that they are of. */
  public static final String SERVICE = World.SERVICE;

  /** Requests a minute on an average day. */
  public static final int PER_MINUTE = 1_500;

  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final long SLOT_MILLIS = 10_000;

  private final Kind kind;
  private final long seed;
  private final Script script;
  private final Traffic traffic;
  private final Columns columns;
  private final Truth truth;
  private final List<Notice> notices;

  /** Good and bad requests of ten seconds, by their weight. */
  public record Counts(Instant time, long good, long bad) {}

  private Fleet(Kind kind, long seed, double perMinute, Instant minuteZero) {
    this.kind = kind;
    this.seed = seed;
    long own = Dice.mix(seed, kind.name().hashCode());
    World world = Productions.of(kind, own);
    script = new Script(world, minuteZero.toEpochMilli(), Dice.of(own, 5));
    Background background = new Background(script);
    background.before(FIRST_MINUTE);
    truth = new Stories(script).write(kind);
    background.changes(FIRST_MINUTE, END_MINUTE, !Stories.hasBuild(kind));
    notices = Webhooks.deliver(script.notices, Dice.of(own, 6));
    Unrest unrest = new Unrest(world, own, FIRST_MINUTE, END_MINUTE - FIRST_MINUTE);
    traffic = new Traffic(script, unrest, own, perMinute);
    columns = new Columns(script, own);
  }

  /** The incident of a kind and seed, somewhen in a week. */
  public static Fleet of(Kind kind, long seed) {
    return of(kind, seed, PER_MINUTE);
  }

  /** The same with more or less traffic. */
  public static Fleet of(Kind kind, long seed, double perMinute) {
    long minute = Math.floorMod(Dice.mix(seed, 77), 7L * 24 * 60);
    return of(kind, seed, perMinute, MONDAY.plusSeconds(60 * minute));
  }

  /** The same at another time. */
  public static Fleet of(Kind kind, long seed, double perMinute, Instant minuteZero) {
    return new Fleet(kind, seed, perMinute, minuteZero);
  }

  public Kind kind() {
    return kind;
  }

  public long seed() {
    return seed;
  }

  public Truth truth() {
    return truth;
  }

  /** What is told of changes, in the order in which it arrives. */
  public List<Notice> notices() {
    return notices;
  }

  /** This service's flags as their provider has them at a time. */
  public List<FlagState> flags(Instant time) {
    return script.flags.values().stream().map(flag -> flag.at(time.toEpochMilli())).toList();
  }

  /** When a minute begins. */
  public Instant at(int minute) {
    return Instant.ofEpochMilli(script.at(minute));
  }

  /** The requests of a minute by ten seconds, oldest first. */
  public List<Counts> counts(int minute) {
    Map<Long, long[]> slots = new TreeMap<>();
    requests(
        minute,
        request -> {
          long slot = Math.floorDiv(columns.reported(request), SLOT_MILLIS);
          long[] counts = slots.computeIfAbsent(slot, _ -> new long[2]);
          counts[request.failed ? 1 : 0] += request.sampleRate;
        });
    List<Counts> counts = new ArrayList<>();
    slots.forEach(
        (slot, pair) ->
            counts.add(new Counts(Instant.ofEpochMilli(slot * SLOT_MILLIS), pair[0], pair[1])));
    return counts;
  }

  /**
   * The events of a minute, in no order.
   *
   * @param goodRate one in so many good requests is shown, and stands for them; bad ones all are
   */
  public List<FleetEvent> events(int minute, int goodRate) {
    return events(minute, goodRate, _ -> true);
  }

  /** The same events with only some of their fields, which costs less. */
  public List<FleetEvent> events(int minute, int goodRate, Predicate<String> isShown) {
    Columns.Shown shown = columns.shown(isShown);
    List<FleetEvent> events = new ArrayList<>();
    requests(
        minute,
        request -> {
          int rate = request.failed ? 1 : goodRate;
          if (rate == 1 || Traffic.unit(request.salt, 8) * rate < 1) {
            events.add(shown.event(request, rate * request.sampleRate));
          }
        });
    return events;
  }

  /**
   * The events of the requests that are made in a stretch of time, all with every field, in no
   * order. What the hosts' clocks say is when each happened may lie outside of it.
   */
  public List<FleetEvent> events(Instant from, Instant until) {
    Columns.Shown shown = columns.shown(_ -> true);
    List<FleetEvent> events = new ArrayList<>();
    int last = minute(until.minusMillis(1));
    for (int minute = minute(from); minute <= last; minute++) {
      requests(
          minute,
          request -> {
            if (request.millis >= from.toEpochMilli() && request.millis < until.toEpochMilli()) {
              events.add(shown.event(request, request.sampleRate));
            }
          });
    }
    return events;
  }

  /** The minute in which a time lies. */
  public int minute(Instant time) {
    return (int) Math.floorDiv(time.toEpochMilli() - script.zero, 60_000L);
  }

  /** Requests from a time on are served what these flags have when the request is asked for. */
  public void follow(Instant from, LiveFlags flags) {
    script.flags.values().forEach(flag -> flag.follow(from.toEpochMilli(), flags));
  }

  private void requests(int minute, Consumer<Request> sink) {
    if (minute < FIRST_MINUTE || minute >= END_MINUTE) {
      throw new IllegalArgumentException(
          "minutes go from %d to %d, was %d".formatted(FIRST_MINUTE, END_MINUTE, minute));
    }
    traffic.minute(
        minute,
        request -> {
          if (request.sampleRate > 0) {
            sink.accept(request);
          }
        });
  }

  Script script() {
    return script;
  }
}
