package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A hook around every step by which a guard leaves a trace or asks the provider, so that a test can
 * let something happen there.
 */
record Steps(Hook hook) {

  /** What a step does. */
  enum Step {
    AUDIT,
    SAVE,
    TIMELINE,
    READ,
    APPLY,
    LANDED,
    UNDO
  }

  /** Takes the step, or lets something else happen. */
  interface Hook {
    <T> T take(Step step, Supplier<T> act);
  }

  IncidentLog incidents(IncidentLog to) {
    return new IncidentLog() {
      @Override
      public void save(Incident incident) {
        hook.take(
            Step.SAVE,
            () -> {
              to.save(incident);
              return true;
            });
      }

      @Override
      public boolean isShared() {
        return to.isShared();
      }

      @Override
      public Optional<Incident> find(String id) {
        return to.find(id);
      }

      @Override
      public List<Incident> incidents() {
        return to.incidents();
      }
    };
  }

  AuditLog audit(AuditLog to) {
    return new AuditLog() {
      @Override
      public AuditRecord append(
          Instant time,
          String actor,
          String kind,
          String incident,
          String mitigation,
          String body) {
        return hook.take(
            Step.AUDIT, () -> to.append(time, actor, kind, incident, mitigation, body));
      }

      @Override
      public List<AuditRecord> since(long sequence, int limit) {
        return to.since(sequence, limit);
      }

      @Override
      public String head() {
        return to.head();
      }
    };
  }

  World.Timeline timeline(World.Timeline to) {
    return new World.Timeline() {
      @Override
      public boolean record(Change change) {
        return hook.take(Step.TIMELINE, () -> to.record(change));
      }

      @Override
      public List<Change> changes(TimeRange range) {
        return to.changes(range);
      }
    };
  }

  FlagSwitch flags(FlagSwitch provider) {
    return new ForwardingFlags(provider) {
      @Override
      public Optional<FlagState> read(String flag) {
        return hook.take(Step.READ, () -> to.read(flag));
      }

      @Override
      public Outcome apply(Withdrawal withdrawal) {
        return hook.take(Step.APPLY, () -> to.apply(withdrawal));
      }

      @Override
      public Outcome undo(Withdrawal withdrawal, String before, String fence) {
        return hook.take(Step.UNDO, () -> to.undo(withdrawal, before, fence));
      }

      @Override
      public Outcome restore(Restoration step) {
        return hook.take(Step.UNDO, () -> to.restore(step));
      }

      @Override
      public Landing landed(Withdrawal withdrawal) {
        return hook.take(Step.LANDED, () -> to.landed(withdrawal));
      }
    };
  }
}
