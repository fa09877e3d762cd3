package firebreak.bench.fleet;

import firebreak.deploytracker.Change;
import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import firebreak.flags.FlagState;
import firebreak.sim.fleet.FleetEvent;
import firebreak.sim.fleet.Notice;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The simulated production in the words of Firebreak: its objective, events and changes. */
final class Production {
  static final String DATASET = "orders-api";

  static final Objective OBJECTIVE =
      new Objective(
          "orders-answered",
          "Requests are answered well in two seconds",
          "orders-api",
          List.of(DATASET),
          Filter.ALL,
          Filter.and(
              new Filter.Compare("status_code", Relation.LESS, Value.of(500)),
              new Filter.Compare("duration_ms", Relation.LESS, Value.of(2_000))),
          0.999,
          Duration.ofDays(30));

  private final Map<Object, Value> known = new HashMap<>();

  Event event(FleetEvent event) {
    FieldMap.Builder fields = new FieldMap.Builder();
    event.forEach((name, value) -> fields.put(name, value(value)));
    return new Event(event.time(), event.sampleRate(), fields.build());
  }

  private Value value(Object value) {
    return switch (value) {
      case Double number -> Value.number(number);
      case Long number -> known.computeIfAbsent(number, _ -> Value.of(number));
      case Boolean truth -> known.computeIfAbsent(truth, _ -> Value.of(truth));
      case String text ->
          text.length() < 16 ? known.computeIfAbsent(text, _ -> Value.of(text)) : Value.of(text);
      default -> throw new IllegalArgumentException("no value: " + value);
    };
  }

  /** A flag as it was found before anything happened. */
  static Change firstSight(FlagState flag, Instant time) {
    return flag(flag.key(), flag.fence(), time, "", "", flag.definition());
  }

  static Change change(Notice notice) {
    return switch (notice.type()) {
      case DEPLOY ->
          new Change.Deploy(
              notice.id(),
              notice.time(),
              notice.finishedAt(),
              notice.service(),
              "",
              notice.subject(),
              "",
              "",
              "",
              notice.finishedAt() == null
                  ? Change.DeployState.STARTED
                  : Change.DeployState.SUCCEEDED,
              false,
              "",
              "",
              "");
      // A flag's provider does not know which services ask for it.
      case FLAG ->
          flag(
              notice.subject(),
              notice.fence(),
              notice.time(),
              notice.id(),
              notice.before(),
              notice.after());
      case MARKER ->
          new Change.Marker(
              notice.id(),
              notice.time(),
              null,
              notice.service(),
              "",
              "",
              "",
              "",
              notice.subject(),
              "",
              "");
    };
  }

  private static Change flag(
      String key, String fence, Instant time, String id, String before, String after) {
    String named = id.isEmpty() ? "first-sight-" + key : id;
    return new Change.FlagChange(named, time, key, "", "", fence, before, after, false, "", "", "");
  }
}
