package firebreak.guard;

import firebreak.deploytracker.ContrastWatch;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Burns as others find them, and those that only a contrast of units shows. */
record Contrasted(World.Burns others, ContrastWatch contrast, World.Timeline timeline)
    implements World.Burns {

  @Override
  public List<Objective> objectives() {
    return others.objectives();
  }

  @Override
  public List<BurnAlert> alerts(Objective objective, Instant now) {
    contrast.look(others::objectives, timeline::changes, now);
    List<BurnAlert> alerts = new ArrayList<>(others.alerts(objective, now));
    alerts.addAll(contrast.alerts(objective));
    return alerts;
  }

  @Override
  public void resume(BurnAlert alert) {
    contrast.resume(alert);
  }

  @Override
  public Counts counts(Objective objective, TimeRange range) {
    return others.counts(objective, range);
  }

  @Override
  public OptionalDouble budgetRemaining(Objective objective, Instant now) {
    return others.budgetRemaining(objective, now);
  }
}
