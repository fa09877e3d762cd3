package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.slo.Budgeting;
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
    Counts counts = monitor.budgetCounts(objective, objective.windowAt(now));
    double each = objective.budgeting().unitsEach();
    OptionalDouble remaining = monitor.budgetRemaining(objective, now);
    ObjectNode view = JsonTree.object();
    view.put("id", objective.id());
    view.put("name", objective.name());
    view.put("service", objective.service());
    view.put("dataset", objective.datasets().getFirst());
    view.set("datasets", JsonTree.texts(objective.datasets()));
    view.set("filters", JsonTree.array(FilterJson.conditions(objective.eligible()), node -> node));
    view.put("filter_combination", "AND");
    FilterJson.conditions(objective.good()).stream()
        .filter(condition -> !condition.path("op").asText().equals("="))
        .findFirst()
        .ifPresent(threshold -> view.set("threshold", threshold));
    view.put("target", objective.target());
    view.put("window_seconds", objective.window().toSeconds());
    view.set("window_starts_at", JsonTree.time(objective.windowAt(now).start()));
    view.put("budgeting_method", method(objective.budgeting()));
    view.set("eligible", JsonTree.number(counts.eligible() / each));
    view.set("bad", JsonTree.number(counts.bad() / each));
    view.set("compliance", JsonTree.number(1 - (double) counts.bad() / counts.eligible()));
    view.set("budget_remaining", JsonTree.number(remaining.orElse(Double.NaN)));
    ObjectNode rates = view.putObject("burn_rates");
    WINDOWS.forEach(
        (name, window) ->
            rates.set(name, JsonTree.number(monitor.burnRate(objective, window, now))));
    view.set("exhausted_at", JsonTree.time(exhaustedAt(monitor, objective, remaining, now)));
    return view;
  }

  private static String method(Budgeting budgeting) {
    return switch (budgeting) {
      case Budgeting.Occurrences _ -> "occurrences";
      case Budgeting.Timeslices _ -> "timeslices";
      case Budgeting.RatioTimeslices _ -> "ratio_timeslices";
    };
  }

  /** When the budget ends if the last hour goes on: what is left, at the last hour's burn. */
  private static @org.jspecify.annotations.Nullable Instant exhaustedAt(
      SloMonitor monitor, Objective objective, OptionalDouble remaining, Instant now) {
    double burn = monitor.burnRate(objective, Duration.ofHours(1), now);
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
