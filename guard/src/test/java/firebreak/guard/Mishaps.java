package firebreak.guard;

import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Counts every step by which the guard leaves a trace, and lets something happen at chosen ones:
 * the process dies before or after it, a person turns the flag or the stop switch, a reply is lost.
 */
final class Mishaps implements Steps.Hook {

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

  /** Whether the stop switch was on before the step that is being taken. */
  private boolean stoppedBefore;

  Mishaps(Scene scene) {
    this.scene = scene;
  }

  void plan(int step, Mishap mishap) {
    planned.put(step, mishap);
  }

  /** Reading leaves no trace and a person undoes: neither is counted. */
  @Override
  public <T> T take(Steps.Step step, Supplier<T> act) {
    boolean counts = step != Steps.Step.READ && step != Steps.Step.UNDO;
    Mishap mishap = counts ? planned.get(++steps) : null;
    stoppedBefore = scene.stop;
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
    return steps().incidents(scene.incidents);
  }

  AuditLog audit() {
    return steps().audit(scene.audit);
  }

  World.Timeline timeline() {
    return steps().timeline(scene.timeline());
  }

  FlagSwitch flags(FlagSwitch provider) {
    FlagSwitch checked =
        new ForwardingFlags(provider) {
          @Override
          public Outcome apply(Withdrawal withdrawal) {
            callsAfterStop += stoppedBefore ? 1 : 0;
            intentMissing |= !scene.audit.has("intended", withdrawal.intent());
            Outcome outcome = to.apply(withdrawal);
            scene.flags.fault = MemoryFlags.Fault.NONE;
            return outcome;
          }
        };
    return steps().flags(checked);
  }

  private Steps steps() {
    return new Steps(this);
  }
}
