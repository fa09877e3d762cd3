package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.flags.Audience;
import firebreak.flags.FlagSwitch;
import firebreak.guard.SimulatedFlags.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One life of one to three guards, from one seed: burns, people, crashes, halts, a network and a
 * provider that fail, wrong clocks and missing telemetry; then a calm in which everything must come
 * to rest. The promises are checked after every step.
 */
final class Simulation {
  static final Instant START = Scene.ONSET;
  static final Settings SETTINGS = Settings.of("production", List.of("flag-*"));

  /** Storm first, then calm: long enough for what was lost on the way, and for verifying. */
  static final Duration STORM = Duration.ofMinutes(20);

  static final Duration CALM = Duration.ofMinutes(25);
  static final int SECONDS = (int) STORM.plus(CALM).toSeconds();

  /** What is wrong with the guard, for a suite that must notice. */
  record Wrongness(
      boolean withoutFence,
      UnaryOperator<FlagSwitch> flags,
      UnaryOperator<AuditLog> audit,
      Story.Statistic statistic,
      boolean missingIsBad) {
    static final Wrongness NOTHING =
        new Wrongness(false, flags -> flags, log -> log, Story.Statistic.UNITS, false);
  }

  /** What outlives a process. */
  record Disk(IncidentLog incidents, AuditLog audit, List<Change> timeline) {
    static Disk blank() {
      return new Disk(new MemoryIncidentLog(false), new MemoryAuditLog(), new ArrayList<>());
    }

    /** One store for all, who take turns at it. */
    static Disk shared() {
      return new Disk(new MemoryIncidentLog(true), new MemoryAuditLog(), new ArrayList<>());
    }
  }

  private record Due(long millis, long order, Runnable act) {}

  final Wrongness wrongness;
  final Weather weather;
  final SimulatedFlags flags;
  final SimulatedProduction production;
  final Promises promises;
  final List<Replica> replicas = new ArrayList<>();
  private final SplittableRandom random;
  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Due::millis).thenComparingLong(Due::order));
  private long scheduled;
  private long millis;
  private boolean calm;
  private int outages;
  private int silences;
  private long disturbedAt;
  boolean stop;

  Simulation(long seed, Wrongness wrongness) {
    this(seed, wrongness, null);
  }

  /** The same life in another weather. */
  Simulation(long seed, Wrongness wrongness, @Nullable Weather given) {
    this.wrongness = wrongness;
    random = new SplittableRandom(seed);
    Weather drawn = Weather.of(random.split());
    weather = given == null ? drawn : given;
    flags = new SimulatedFlags(this);
    flags.fenced = !wrongness.withoutFence();
    List<Story> stories = new ArrayList<>();
    int burns = 1 + random.nextInt(random.nextInt(4) == 0 ? 6 : 2);
    for (int i = 0; i < burns; i++) {
      stories.add(Story.draw(i, random));
    }
    production =
        new SimulatedProduction(this, stories, wrongness.statistic(), wrongness.missingIsBad());
    promises = new Promises(this);
    stories.forEach(this::schedule);
    boolean shared = random.nextInt(4) == 0;
    int count = random.nextInt(5) < 2 ? 1 : 2 + random.nextInt(2);
    Disk disk = Disk.shared();
    for (int i = 0; i < count; i++) {
      Disk own = shared && count > 1 ? disk : Disk.blank();
      replicas.add(new Replica("replica-" + i, this, own, random.nextInt(2) * 10));
    }
    replicas.forEach(this::schedule);
    scheduleMishaps();
    at(STORM.toMillis(), this::calmDown);
  }

  private void schedule(Story story) {
    flags.add(story.flag());
    at(
        story.changedAt() * 1_000L,
        () -> {
          if (story.byFlagChange()) {
            flags.changeByHand(story.flag(), 2);
            noticeSoon(story.flag());
          }
          replicas.forEach(replica -> replica.timeline.add(story.deploy()));
        });
  }

  private void schedule(Replica replica) {
    flags.keys().forEach(replica::observe);
    at(between(500, 5_000), () -> patrol(replica));
  }

  private void patrol(Replica replica) {
    if (hasItsTurn(replica)) {
      replica.patrol();
    }
    long pause = calm ? between(15_000, 30_000) : weather.isFair() ? 2_000 : between(1_000, 8_000);
    later(pause, () -> patrol(replica));
  }

  /** Those who share a store take turns, and one that halts keeps its turn. */
  boolean hasItsTurn(Replica replica) {
    boolean shared = replica.incidents.isShared();
    return replicas.stream()
        .filter(other -> shared || other.name.equals(replica.name))
        .noneMatch(Replica::isInTheMiddle);
  }

  private void scheduleMishaps() {
    long storm = STORM.toMillis();
    for (int minute = 0; minute < STORM.toMinutes(); minute++) {
      long at = minute * 60_000L + between(0, 60_000);
      if (happens(weather.humanPerMinute())) {
        at(at, this::person);
      }
      if (happens(weather.stopPerMinute())) {
        at(at, () -> stop(true));
        at(at + between(1_000, 240_000), () -> stop(false));
      }
    }
    for (int i = 0; i < weather.outages(); i++) {
      long at = between(0, storm);
      at(at, () -> outages++);
      at(at + between(5_000, i == 0 ? 700_000 : 60_000), () -> outages--);
    }
    for (int i = 0; i < weather.silences(); i++) {
      long at = between(0, storm);
      at(at, () -> silence(1));
      at(at + between(5_000, 180_000), () -> silence(-1));
    }
    for (int i = 0; i < weather.clockSteps(); i++) {
      Replica replica = replicas.get(random.nextInt(replicas.size()));
      long at = between(0, storm);
      at(at, () -> step(replica, between(-300_000, 300_000)));
      at(at + between(1_000, 200_000), () -> step(replica, 0));
    }
  }

  private void silence(int more) {
    silences += more;
    production.silent = silences > 0 && !calm;
    disturbed();
  }

  private void stop(boolean on) {
    stop = on && !calm;
    disturbed();
  }

  /** A clock that is set while the process is down is not noticed, and is not simulated. */
  private void step(Replica replica, long offset) {
    if (replica.down && !calm) {
      later(1_000, () -> step(replica, offset));
      return;
    }
    if (!calm) {
      set(replica, offset);
    }
    disturbed();
  }

  private void set(Replica replica, long offset) {
    replica.clockOffsetMillis = offset;
    replica.clockSteppedAt = millis;
    replica.noticeClockStep();
  }

  /** A person does something, through a guard or at the provider. */
  private void person() {
    disturbed();
    Replica replica = replicas.get(random.nextInt(replicas.size()));
    Story story = production.stories().get(random.nextInt(production.stories().size()));
    List<Incident> incidents = replica.incidents.incidents();
    Incident incident =
        incidents.isEmpty() ? null : incidents.get(random.nextInt(incidents.size()));
    Mitigation last = incident == null ? null : incident.mitigation();
    int what = random.nextInt(9);
    if (incident == null || what < 2) {
      personAtTheProvider();
    } else if (what == 2) {
      Audience audience = new Audience.Contexts("customer", List.of(story.customer()));
      replica.ask(
          (guard, now) ->
              guard.request(incident.id(), story.flag(), audience, "", "ann", false, now));
    } else if (what == 3) {
      Mode mode = List.of(Mode.WATCH, Mode.ASK, Mode.ACT).get(random.nextInt(3));
      replica.ask(
          (guard, now) -> {
            guard.setMode(mode, "ann", now);
            replica.mode = mode;
          });
    } else if (what == 4) {
      closeToTheGuard(flags.flag(story.flag()));
    } else if (last != null) {
      replica.ask(
          (guard, now) -> {
            switch (what) {
              case 5 -> guard.approve(incident.id(), last.id(), "ann", now);
              case 6 -> guard.dismiss(incident.id(), last.id(), "ann", now);
              case 7 -> promises.byPerson(() -> stepBack(guard, incident.id(), last.id(), now));
              default -> promises.byPerson(() -> guard.undo(incident.id(), last.id(), "ann", now));
            }
          });
    }
  }

  /** Takes the next step of the way back, if it may be taken. */
  private static void stepBack(Guard guard, String incident, String mitigation, Instant now) {
    guard
        .nextStep(incident, mitigation, "", now)
        .ifPresent(
            next -> {
              List<String> one = next.contexts().stream().limit(1).toList();
              WayBack.Wish wish = new WayBack.Wish(next.percent(), one, "customer", "");
              guard.step(incident, mitigation, wish, "ann", false, now);
            });
  }

  /** A change to the flag itself, which moves no version of its targeting. */
  private void closeToTheGuard(SimulatedFlags.Flag flag) {
    if (random.nextBoolean()) {
      flag.archived = !flag.archived;
    } else {
      flag.tags = flag.tags.isEmpty() ? Set.of("security") : Set.of();
    }
  }

  void personAtTheProvider() {
    personAtTheProvider(flags.keys().get(random.nextInt(flags.keys().size())));
  }

  void personAtTheProvider(String key) {
    disturbed();
    flags.changeByHand(key, random.nextInt(3));
    noticeSoon(key);
  }

  /** The provider's notice reaches each replica after a while, or never. */
  private void noticeSoon(String key) {
    for (Replica replica : replicas) {
      if (random.nextInt(5) > 0) {
        later(between(100, 5_000), () -> replica.observe(key));
      }
    }
  }

  private void calmDown() {
    calm = true;
    outages = 0;
    stop = false;
    production.silent = false;
    for (Replica replica : replicas) {
      if (replica.isInTheMiddle()) {
        replica.crash();
      }
      replica.restart();
      if (replica.clockOffsetMillis != 0) {
        set(replica, 0);
      }
    }
  }

  /** Lives it to the end; the promises that did not hold. */
  List<String> run() {
    runUntil(STORM.plus(CALM).toMillis());
    replicas.forEach(Replica::crash);
    promises.checkAtRest();
    return promises.broken();
  }

  void runUntil(long end) {
    while (!agenda.isEmpty() && agenda.peek().millis() <= end) {
      Due due = agenda.remove();
      millis = due.millis();
      production.play(millis);
      due.act().run();
      promises.check();
    }
  }

  long now() {
    return millis;
  }

  void at(long time, Runnable act) {
    agenda.add(new Due(Math.max(time, 0), scheduled++, act));
  }

  void later(long pause, Runnable act) {
    at(millis + pause, act);
  }

  boolean happens(double chance) {
    return !calm && chance > 0 && random.nextDouble() < chance;
  }

  long between(long least, long below) {
    return random.nextLong(least, below);
  }

  boolean isProviderAway() {
    return outages > 0 && !calm;
  }

  boolean isCalm() {
    return calm;
  }

  void disturbed() {
    disturbedAt = millis;
  }

  long undisturbedSince() {
    return disturbedAt;
  }

  int unrelatedBurns() {
    return (int)
        production.stories().stream()
            .filter(story -> story.cause() == Story.Cause.UNRELATED)
            .count();
  }

  /** What all replicas wrote down, as one hash. */
  String record() {
    return Intent.hash(
        replicas.stream().map(replica -> replica.audit.head()).toArray(String[]::new));
  }

  /** The first that the first replica was to do, by what is on record. */
  Optional<AuditLog.AuditRecord> firstIntended() {
    return ((MemoryAuditLog) replicas.getFirst().audit)
        .records().stream().filter(one -> one.kind().equals("intended")).findFirst();
  }

  /** In fair weather: how many burns were stopped; each that can be must be, and soon. */
  int checkLiveness(long seed) {
    int stopped = 0;
    for (Story story : production.stories()) {
      boolean canBe = story.cause() == Story.Cause.FEW || story.cause() == Story.Cause.ALL;
      boolean is = flags.flag(story.flag()).writes.stream().anyMatch(Write::isIntended);
      stopped += canBe && is ? 1 : 0;
      if (canBe && !is && production.stories().size() == 1) {
        throw new AssertionError("seed %d: not stopped, %s".formatted(seed, story));
      }
    }
    return stopped;
  }
}
