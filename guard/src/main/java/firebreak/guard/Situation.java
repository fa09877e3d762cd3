package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Verdict;
import firebreak.flags.FlagState;
import firebreak.slo.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link Policy} decides upon, seen at one moment.
 *
 * @param flag the flag that the verdict names, as its provider has it; null without one
 * @param trouble why the provider cannot tell of the flag; empty when it can
 * @param fenced whether the provider is known to test the fence that a write names
 * @param fenceAtOnset the fence in force when the burn began; empty when nobody saw it
 * @param blamed the change that the verdict names; null without one
 * @param latest eligible events of the last moments, as long as data may lag
 * @param lastMinute eligible and bad events of the last minute
 * @param toggles what the guard did of late
 * @param stopped whether the stop switch is on
 * @param steadySince since when the clock has not been set
 */
record Situation(
    Incident incident,
    @Nullable FlagState flag,
    String trouble,
    boolean fenced,
    String fenceAtOnset,
    @Nullable Change blamed,
    Counts latest,
    Counts lastMinute,
    Toggles toggles,
    boolean stopped,
    Instant steadySince,
    Instant now) {

  /**
   * How often the guard turned a flag by itself over sliding windows, and how many mitigations of
   * other incidents are under way.
   */
  record Toggles(int lastHour, int lastDay, int ofFlagLastDay, int inFlight) {
    static final Toggles NONE = new Toggles(0, 0, 0, 0);
  }

  Verdict verdict() {
    return incident.finding().verdict();
  }

  double burnNow() {
    return lastMinute.burnRate(incident.alert().objective().budgetShare());
  }
}
