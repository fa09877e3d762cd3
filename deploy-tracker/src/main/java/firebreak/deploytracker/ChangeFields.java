package firebreak.deploytracker;

import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.eventstore.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A change as fields and back; what is absent or empty has no field. */
final class ChangeFields {
  static final String ID = "id";
  static final String KIND = "kind";
  static final String TIME = "changed_at";
  static final String BEFORE = "before";
  static final String AFTER = "after";
  static final String FINISHED = "finished_at";
  private static final String STATE = "state";

  private final Map<String, Value> fields = new HashMap<>();

  private ChangeFields() {}

  static Map<String, Value> of(Change change) {
    ChangeFields to = new ChangeFields();
    to.put(ID, change.id())
        .put(KIND, kind(change))
        .put(TIME, change.time().toString())
        .put("service", change.service())
        .put("environment", change.environment())
        .put("summary", change.summary())
        .put("actor", change.actor())
        .put("url", change.url());
    switch (change) {
      case Change.Build build ->
          to.put("build_id", build.buildId())
              .put("commit", build.commit())
              .put("branch", build.branch())
              .put("repository", build.repository())
              .put(STATE, build.state().name().toLowerCase(Locale.ROOT))
              .put(FINISHED, text(build.finishedAt()));
      case Change.Deploy deploy ->
          to.put("build_id", deploy.buildId())
              .put("version", deploy.version())
              .put("commit", deploy.commit())
              .put("repository", deploy.repository())
              .put(STATE, deploy.state().name().toLowerCase(Locale.ROOT))
              .put(FINISHED, text(deploy.finishedAt()))
              .putIf("declared", !deploy.observed());
      case Change.FlagChange flag ->
          to.put("flag", flag.flag())
              .put("fence", flag.fence())
              .put(BEFORE, flag.before())
              .put(AFTER, flag.after())
              .putIf("own", flag.own());
      case Change.Marker marker ->
          to.put("type", marker.type())
              .put("repository", marker.repository())
              .put("commit", marker.commit())
              .put(FINISHED, text(marker.finishedAt()));
    }
    return to.fields;
  }

  /** The change that the fields tell of, empty when they tell of none. */
  static Optional<Change> read(Map<String, Value> fields) {
    try {
      return Optional.of(new Reader(fields).change());
    } catch (IllegalArgumentException | DateTimeException _) {
      return Optional.empty();
    }
  }

  static String kind(Change change) {
    return switch (change) {
      case Change.Build _ -> "build";
      case Change.Deploy _ -> "deploy";
      case Change.FlagChange _ -> "flag";
      case Change.Marker _ -> "marker";
    };
  }

  private ChangeFields put(String name, String text) {
    if (!text.isEmpty()) {
      fields.put(name, Value.of(text));
    }
    return this;
  }

  private void putIf(String name, boolean truth) {
    if (truth) {
      fields.put(name, Value.of(true));
    }
  }

  private static String text(@Nullable Instant time) {
    return time == null ? "" : time.toString();
  }

  /** The way back. */
  private record Reader(Map<String, Value> fields) {

    Change change() {
      String kind = text(KIND);
      return switch (kind) {
        case "build" -> build();
        case "deploy" -> deploy();
        case "flag" -> flag();
        case "marker" -> marker();
        default -> throw new IllegalArgumentException("unknown kind of change " + kind);
      };
    }

    private Change.Build build() {
      return new Change.Build(
          id(),
          Instant.parse(text(TIME)),
          finishedAt(),
          text("service"),
          text("build_id"),
          text("commit"),
          text("branch"),
          text("repository"),
          BuildState.valueOf(text(STATE).toUpperCase(Locale.ROOT)),
          text("summary"),
          text("actor"),
          text("url"));
    }

    private Change.Deploy deploy() {
      return new Change.Deploy(
          id(),
          Instant.parse(text(TIME)),
          finishedAt(),
          text("service"),
          text("environment"),
          text("build_id"),
          text("version"),
          text("commit"),
          text("repository"),
          DeployState.valueOf(text(STATE).toUpperCase(Locale.ROOT)),
          !truth("declared"),
          text("summary"),
          text("actor"),
          text("url"));
    }

    private Change.FlagChange flag() {
      return new Change.FlagChange(
          id(),
          Instant.parse(text(TIME)),
          text("flag"),
          text("service"),
          text("environment"),
          text("fence"),
          text(BEFORE),
          text(AFTER),
          truth("own"),
          text("summary"),
          text("actor"),
          text("url"));
    }

    private Change.Marker marker() {
      return new Change.Marker(
          id(),
          Instant.parse(text(TIME)),
          finishedAt(),
          text("service"),
          text("environment"),
          text("type"),
          text("repository"),
          text("commit"),
          text("summary"),
          text("actor"),
          text("url"));
    }

    private String id() {
      String id = text(ID);
      if (id.isEmpty()) {
        throw new IllegalArgumentException("a change needs an id");
      }
      return id;
    }

    private @Nullable Instant finishedAt() {
      String text = text(FINISHED);
      return text.isEmpty() ? null : Instant.parse(text);
    }

    private String text(String name) {
      return fields.get(name) instanceof Value.Text value ? value.text() : "";
    }

    private boolean truth(String name) {
      return fields.get(name) instanceof Value.Truth value && value.truth();
    }
  }
}
