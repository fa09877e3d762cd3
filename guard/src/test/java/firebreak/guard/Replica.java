package firebreak.guard;

import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Change;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Withdrawal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process with a guard: its logs outlive its crashes, its clock may be wrong, and it may halt
 * in the middle of a round.
 */
final class Replica implements Steps.Hook {

  /** The process is gone; what was on disk stays. */
  static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut() {
      super("the power is cut", null, false, false);
    }
  }

  final String name;
  final IncidentLog incidents;
  final AuditLog audit;
  final List<Change> timeline;
  final int onsetJitter;
  private final Simulation simulation;
  private final FlagSwitch flags;
  private final AuditLog auditAsSeen;
  private final Map<String, Change.FlagChange> newest = new HashMap<>();
  private @Nullable Guard guard;
  private @Nullable Coroutine round;
  private boolean isHalting;
  private boolean isDying;
  private boolean isClockStepped;
  private long flagsDue;
  Mode mode = Mode.ACT;
  long clockOffsetMillis;
  boolean down;

  long clockSteppedAt = Long.MIN_VALUE / 2;

  /** The intents of which the provider may have taken a request of this replica's. */
  final Set<String> requested = new HashSet<>();

  /** Each flag as this replica last read it. */
  final Map<String, FlagState> lastRead = new HashMap<>();

  /** Since when it has run without a break. */
  long upSince;

  /** The {@code now} of the round that is being made. */
  Instant roundAt = Simulation.START;

  /** When that round truly began. */
  long roundBegan;

  Replica(String name, Simulation simulation, Simulation.Disk disk, int onsetJitter) {
    this.name = name;
    this.simulation = simulation;
    this.incidents = disk.incidents();
    this.audit = disk.audit();
    this.timeline = disk.timeline();
    this.onsetJitter = onsetJitter;
    Steps steps = new Steps(this);
    auditAsSeen = steps.audit(simulation.wrongness.audit().apply(audit));
    flags = steps.flags(overtaken(simulation.wrongness.flags().apply(new Provider())));
  }

  /** The provider with a person who now and then changes a flag just before we do. */
  private FlagSwitch overtaken(FlagSwitch provider) {
    return new ForwardingFlags(provider) {
      @Override
      public Outcome apply(Withdrawal withdrawal) {
        if (simulation.happens(simulation.weather.humanAtStep() * 20)) {
          simulation.personAtTheProvider(withdrawal.flag());
        }
        return super.apply(withdrawal);
      }
    };
  }

  Instant now() {
    return Simulation.START.plusMillis(simulation.now() + clockOffsetMillis);
  }

  private Guard start() {
    Steps steps = new Steps(this);
    World world =
        new World(
            simulation.production.burns(this),
            (_, _) -> Explanation.NOTHING,
            (alert, changes, _, _) -> simulation.production.weigh(alert, changes),
            steps.timeline(onDisk()),
            flags);
    return new Guard(
        world, steps.incidents(incidents), auditAsSeen, Simulation.SETTINGS, mode, this::isStopped);
  }

  private boolean isStopped() {
    maybeHalt();
    return simulation.stop;
  }

  private World.Timeline onDisk() {
    return new World.Timeline() {
      @Override
      public boolean record(Change change) {
        return timeline.stream().noneMatch(one -> one.id().equals(change.id()))
            && timeline.add(change);
      }

      @Override
      public List<Change> changes(TimeRange range) {
        return timeline.stream().filter(change -> range.contains(change.time())).toList();
      }
    };
  }

  /**
   * Makes a round, or starts one that may halt; nothing when it is down or in the middle of one.
   */
  void patrol() {
    if (down || round != null) {
      return;
    }
    isHalting = simulation.happens(simulation.weather.pause() * 4);
    if (isHalting) {
      simulation.disturbed();
      round = new Coroutine(this::makeRound);
      goOn();
    } else {
      living(this::makeRound);
    }
  }

  /** Goes on with a round that halted. */
  void goOn() {
    Coroutine halted = round;
    if (halted == null) {
      return;
    }
    living(halted::resume);
    if (halted.isDone()) {
      round = null;
      isHalting = false;
      upSince = simulation.now();
    }
  }

  boolean isInTheMiddle() {
    return round != null;
  }

  private void living(Runnable act) {
    try {
      act.run();
    } catch (PowerCut _) {
      guard = null;
      down = true;
      simulation.disturbed();
      simulation.later(simulation.between(500, 120_000), this::restart);
    } catch (UncheckedIOException _) {
      upSince = simulation.now(); // as a patrol does: logged, and the next round goes on
      simulation.disturbed();
    }
  }

  void restart() {
    if (down) {
      down = false;
      isDying = false;
      newest.clear();
      upSince = simulation.now();
      simulation.disturbed();
    }
  }

  /** Whatever it is in the middle of, it dies. */
  void crash() {
    guard = null;
    isDying = true;
    while (round != null) {
      goOn();
    }
    isDying = false;
    down = true;
  }

  private void makeRound() {
    Instant now = now();
    if (simulation.now() >= flagsDue) {
      flagsDue = simulation.now() + 30_000;
      simulation.flags.keys().forEach(this::observe);
    }
    roundAt = now;
    roundBegan = simulation.now();
    if (isClockStepped) {
      isClockStepped = false;
      guard().noticeClockStep(now);
    }
    guard().patrol(now);
    simulation.promises.checkAfterRound(this);
  }

  private Guard guard() {
    Guard running = guard == null ? start() : guard;
    guard = running;
    return running;
  }

  /** The process has noticed that its clock does not agree with the time that passed. */
  void noticeClockStep() {
    isClockStepped = true;
  }

  /** A person asks this replica for something. */
  void ask(BiConsumer<Guard, Instant> request) {
    if (!down && simulation.hasItsTurn(this)) {
      living(() -> request.accept(guard(), now()));
    }
  }

  /** Puts a flag on the timeline when it is not as it was when last seen, as the server does. */
  void observe(String flag) {
    if (down || simulation.isProviderAway()) {
      return;
    }
    FlagState state = simulation.flags.flag(flag).state();
    if (newest.isEmpty()) {
      for (Change change : timeline) {
        if (change instanceof Change.FlagChange known) {
          newest.put(known.flag(), known);
        }
      }
    }
    Change.FlagChange last = newest.get(flag);
    if (last != null && last.fence().equals(state.fence())) {
      return;
    }
    Change.FlagChange seen =
        new Change.FlagChange(
            Change.flagChangeId(flag, Simulation.SETTINGS.environment(), state.fence()),
            now(),
            flag,
            "service",
            Simulation.SETTINGS.environment(),
            state.fence(),
            last == null ? "" : last.after(),
            state.definition(),
            false,
            "",
            "",
            "");
    newest.put(flag, seen);
    onDisk().record(seen);
  }

  private void maybeHalt() {
    Coroutine running = round;
    if (running != null && isHalting && simulation.happens(0.3)) {
      simulation.later(simulation.between(100, 90_000), this::goOn);
      running.halt();
      if (isDying) {
        throw new PowerCut();
      }
    }
  }

  @Override
  public <T> T take(Steps.Step step, Supplier<T> act) {
    Weather weather = simulation.weather;
    if (isDying || simulation.happens(weather.crash() / 2)) {
      throw new PowerCut();
    }
    boolean writes =
        switch (step) {
          case AUDIT, SAVE, TIMELINE -> true;
          case READ, APPLY, LANDED, UNDO -> false;
        };
    if (writes && simulation.happens(weather.diskFails())) {
      simulation.disturbed();
      throw new UncheckedIOException(new IOException("No space left on device"));
    }
    if (step != Steps.Step.APPLY) {
      maybeHalt(); // what comes after the stop switch was asked is on its way
    }
    if (simulation.happens(weather.humanAtStep())) {
      simulation.personAtTheProvider();
    }
    T result = act.get();
    if (simulation.happens(weather.crash() / 2)) {
      throw new PowerCut();
    }
    maybeHalt();
    return result;
  }

  /** The provider as this replica reaches it, with every request looked at on its way. */
  private final class Provider implements FlagSwitch {
    @Override
    public List<String> keys() {
      return simulation.flags.keys();
    }

    @Override
    public Optional<FlagState> read(String flag) {
      Optional<FlagState> state = simulation.flags.read(flag);
      state.ifPresent(there -> lastRead.put(flag, there));
      return state;
    }

    @Override
    public Outcome apply(Withdrawal withdrawal) {
      simulation.promises.sending(Replica.this, withdrawal);
      Outcome outcome = simulation.flags.apply(withdrawal);
      simulation.promises.answered(Replica.this, withdrawal, outcome);
      return outcome;
    }

    @Override
    public boolean preconditionsEnforced() {
      return true;
    }

    @Override
    public Outcome dryRun(Withdrawal withdrawal) {
      return new Outcome.Unavailable("not simulated", Duration.ZERO);
    }

    @Override
    public Outcome undo(Withdrawal withdrawal, String before, String fence) {
      simulation.promises.undoing();
      return simulation.flags.undo(withdrawal, fence);
    }

    @Override
    public Outcome restore(Restoration step) {
      simulation.promises.undoing();
      return simulation.flags.restore(step);
    }

    @Override
    public Landing landed(Withdrawal withdrawal) {
      return simulation.flags.landed(withdrawal);
    }
  }

  /** What it has under way or behind it, by what is on disk. */
  List<Mitigation> mitigations() {
    List<Mitigation> all = new ArrayList<>();
    incidents.incidents().forEach(incident -> all.addAll(incident.mitigations()));
    return all;
  }
}
