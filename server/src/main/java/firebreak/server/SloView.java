package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.TimeRange;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** An {@link Objective} with its budget and burn as the API shows it. */
final class SloView {
  private static final Map<String, Duration> WINDOWS = new LinkedHashMap<>();

  static {
    WINDOWS.put("5m", Duration.ofMinutes(5));
    WINDOWS.put("30m", Duration.ofMinutes(30));
    WINDOWS.put("1h", Duration.ofHours(1));
    WINDOWS.put("6h", Duration.ofHours(6));
    WINDOWS.put("1d", Duration.ofDays(1));
    WINDOWS.put("3d", Duration.ofDays(3));
  }

  private SloView() {}

  static ObjectNode view(SloMonitor monitor, Objective objective, Instant now) {
    Counts counts = monitor.counts(objective, TimeRange.before(now, objective.window()));
    OptionalDouble remaining = monitor.budgetRemaining(objective, now);
    ObjectNode view = JsonTree.object();
    view.put("id", objective.id());
    view.put("name", objective.name());
    view.put("service", objective.service());
    view.put("dataset", objective.datasets().getFirst());
    view.set("datasets", JsonTree.texts(objective.datasets()));
    view.put("target", objective.target());
    view.put("window_seconds", objective.window().toSeconds());
    view.put("eligible", counts.eligible());
    view.put("bad", counts.bad());
    view.set("budget_remaining", JsonTree.number(remaining.orElse(Double.NaN)));
    ObjectNode rates = view.putObject("burn_rates");
    WINDOWS.forEach(
        (name, window) ->
            rates.set(
                name,
                JsonTree.number(
                    monitor
                        .counts(objective, TimeRange.before(now, window))
                        .burnRate(objective.budgetShare()))));
    view.set("exhausted_at", JsonTree.time(exhaustedAt(monitor, objective, remaining, now)));
    return view;
  }

  /** When the budget ends if the last hour goes on: what is left, at the last hour's burn. */
  private static @org.jspecify.annotations.Nullable Instant exhaustedAt(
      SloMonitor monitor, Objective objective, OptionalDouble remaining, Instant now) {
    double burn =
        monitor
            .counts(objective, TimeRange.before(now, Duration.ofHours(1)))
            .burnRate(objective.budgetShare());
    if (remaining.isEmpty() || !(burn > 0)) {
      return null;
    }
    if (remaining.getAsDouble() <= 0) {
      return now;
    }
    double seconds = remaining.getAsDouble() * objective.window().toSeconds() / burn;
    return seconds > Duration.ofDays(3_650).toSeconds() ? null : now.plusSeconds((long) seconds);
  }
}
