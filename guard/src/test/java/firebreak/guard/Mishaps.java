package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts every step by which the guard leaves a trace, and lets something happen at chosen ones:
 * the process dies before or after it, a person turns the flag or the stop switch, a reply is lost.
 */
final class Mishaps {

  /** What may happen at a step. */
  enum Mishap {
    CRASH_BEFORE,
    CRASH_AFTER,
    HUMAN_BEFORE,
    HUMAN_AFTER,
    STOP,
    REPLY_LOST,
    REQUEST_LOST,
    UNAVAILABLE
  }

  /** The process is gone; what was on disk stays. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Scene scene;
  private final Map<Integer, Mishap> planned = new HashMap<>();
  int steps;
  int callsAfterStop;
  boolean intentMissing;

  Mishaps(Scene scene) {
    this.scene = scene;
  }

  void plan(int step, Mishap mishap) {
    planned.put(step, mishap);
  }

  private <T> T step(java.util.function.Supplier<T> act) {
    Mishap mishap = planned.get(++steps);
    if (mishap == null) {
      return act.get();
    }
    switch (mishap) {
      case CRASH_BEFORE -> throw new PowerCut();
      case HUMAN_BEFORE -> scene.flags.changeByHand();
      case STOP -> scene.stop = true;
      case REPLY_LOST -> scene.flags.fault = MemoryFlags.Fault.REPLY_LOST;
      case REQUEST_LOST -> scene.flags.fault = MemoryFlags.Fault.REQUEST_LOST;
      case UNAVAILABLE -> scene.flags.fault = MemoryFlags.Fault.UNAVAILABLE;
      case CRASH_AFTER, HUMAN_AFTER -> {}
    }
    T result = act.get();
    if (mishap == Mishap.CRASH_AFTER) {
      throw new PowerCut();
    }
    if (mishap == Mishap.HUMAN_AFTER) {
      scene.flags.changeByHand();
    }
    return result;
  }

  IncidentLog incidents() {
    return new IncidentLog() {
      @Override
      public void save(Incident incident) {
        step(
            () -> {
              scene.incidents.save(incident);
              return true;
            });
      }

      @Override
      public Optional<Incident> find(String id) {
        return scene.incidents.find(id);
      }

      @Override
      public List<Incident> incidents() {
        return scene.incidents.incidents();
      }
    };
  }

  AuditLog audit() {
    return new AuditLog() {
      @Override
      public AuditRecord append(
          Instant time,
          String actor,
          String kind,
          String incident,
          String mitigation,
          String body) {
        return step(() -> scene.audit.append(time, actor, kind, incident, mitigation, body));
      }

      @Override
      public List<AuditRecord> since(long sequence, int limit) {
        return scene.audit.since(sequence, limit);
      }

      @Override
      public String head() {
        return scene.audit.head();
      }
    };
  }

  World.Timeline timeline() {
    World.Timeline timeline = scene.timeline();
    return new World.Timeline() {
      @Override
      public boolean record(Change change) {
        return step(() -> timeline.record(change));
      }

      @Override
      public List<Change> changes(TimeRange range) {
        return timeline.changes(range);
      }
    };
  }

  FlagSwitch flags(FlagSwitch to) {
    return new FlagSwitch() {
      @Override
      public List<String> keys() {
        return to.keys();
      }

      @Override
      public Optional<FlagState> read(String flag) {
        return to.read(flag);
      }

      @Override
      public Outcome apply(Withdrawal withdrawal) {
        boolean stopped = scene.stop;
        return step(
            () -> {
              callsAfterStop += stopped ? 1 : 0;
              intentMissing |= !scene.audit.has("intended", withdrawal.intent());
              Outcome outcome = to.apply(withdrawal);
              scene.flags.fault = MemoryFlags.Fault.NONE;
              return outcome;
            });
      }

      @Override
      public Outcome dryRun(Withdrawal withdrawal) {
        return to.dryRun(withdrawal);
      }

      @Override
      public Outcome undo(Withdrawal withdrawal, String before, String fence) {
        return to.undo(withdrawal, before, fence);
      }

      @Override
      public Landing landed(Withdrawal withdrawal) {
        return step(() -> to.landed(withdrawal));
      }
    };
  }
}
