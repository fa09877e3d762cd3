package firebreak.slo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Objectives as OpenSLO v1 documents: what {@link OpenSlo} reads from one is the same objective.
 */
public final class OpenSloText {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES));
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private OpenSloText() {}

  /**
   * The document of an objective. Burn alerts, resets and corrections are not part of it.
   *
   * @throws IllegalArgumentException if OpenSLO has no way to say it
   */
  public static String of(Objective objective) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", objective.id());
    metadata.put("displayName", objective.name());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("service", objective.service());
    spec.put("indicator", indicator(objective));
    spec.put("timeWindow", List.of(window(objective)));
    spec.put("budgetingMethod", method(objective.budgeting()));
    spec.put("objectives", List.of(target(objective)));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", "openslo/v1");
    document.put("kind", "SLO");
    document.put("metadata", metadata);
    document.put("spec", spec);
    try {
      return YAML.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts, numbers and lists are YAML", e);
    }
  }

  private static Map<String, Object> indicator(Objective objective) {
    Map<String, Object> ratio = new LinkedHashMap<>();
    ratio.put("counter", true);
    ratio.put("good", source(objective, objective.good()));
    ratio.put("total", source(objective, objective.eligible()));
    return Map.of("metadata", Map.of("name", objective.id()), "spec", Map.of("ratioMetric", ratio));
  }

  private static Map<String, Object> source(Objective objective, Filter filter) {
    Map<String, Object> events = new LinkedHashMap<>();
    events.put("datasets", objective.datasets());
    if (!objective.derived().isEmpty()) {
      events.put("derived", objective.derived());
    }
    events.putAll(group(filter));
    return Map.of("metricSource", Map.of("type", "firebreak", "spec", events));
  }

  private static Map<String, Object> group(Filter filter) {
    Map<String, Object> group = new LinkedHashMap<>();
    List<Filter> parts =
        switch (filter) {
          case Filter.And and -> and.filters();
          case Filter.Or or when !or.filters().isEmpty() -> or.filters();
          default -> List.of(filter);
        };
    group.put("filters", parts.stream().map(OpenSloText::entry).toList());
    if (filter instanceof Filter.Or or && !or.filters().isEmpty()) {
      group.put("filter_combination", "OR");
    }
    return group;
  }

  private static Map<String, Object> entry(Filter filter) {
    return switch (filter) {
      case Filter.And _ -> group(filter);
      case Filter.Or or ->
          or.filters().isEmpty() ? Map.of("not", group(Filter.ALL)) : group(filter);
      case Filter.Not(Filter.Exists exists) -> condition(exists.field(), "does-not-exist");
      case Filter.Not not -> Map.of("not", entry(not.filter()));
      case Filter.Exists exists -> condition(exists.field(), "exists");
      case Filter.In in ->
          in.values().size() == 1
              ? condition(in.field(), "=", plain(in.values().iterator().next()))
              : condition(
                  in.field(), "in", in.values().stream().sorted().map(OpenSloText::plain).toList());
      case Filter.Compare compare ->
          condition(compare.field(), compare.relation().sign(), plain(compare.bound()));
      case Filter.Matches matches ->
          condition(
              matches.field(),
              switch (matches.match()) {
                case STARTS_WITH -> "starts-with";
                case ENDS_WITH -> "ends-with";
                case CONTAINS -> "contains";
              },
              matches.text());
      case Filter.During _ ->
          throw new IllegalArgumentException("OpenSLO cannot say when an event happened");
      case Filter.InTrace _ ->
          throw new IllegalArgumentException("an objective looks at each event alone");
    };
  }

  private static Map<String, Object> condition(String column, String op) {
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("column", column);
    condition.put("op", op);
    return condition;
  }

  private static Map<String, Object> condition(String column, String op, Object value) {
    Map<String, Object> condition = condition(column, op);
    condition.put("value", value);
    return condition;
  }

  private static Object plain(Value value) {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Whole whole -> whole.number();
      case Value.Real real -> real.number();
      case Value.Truth truth -> truth.truth();
    };
  }

  private static Map<String, Object> window(Objective objective) {
    Map<String, Object> window = new LinkedHashMap<>();
    Calendar calendar = objective.calendar();
    if (calendar == null) {
      window.put("duration", length(objective.window()));
      window.put("isRolling", true);
      return window;
    }
    window.put("duration", calendar.number() + letter(calendar.unit()));
    window.put("isRolling", false);
    Map<String, Object> from = new LinkedHashMap<>();
    from.put("startTime", TIME.format(calendar.start()));
    from.put("timeZone", calendar.zone().getId());
    window.put("calendar", from);
    return window;
  }

  private static String letter(ChronoUnit unit) {
    return switch (unit) {
      case MINUTES -> "m";
      case HOURS -> "h";
      case DAYS -> "d";
      case WEEKS -> "w";
      case MONTHS -> "M";
      case YEARS -> "Y";
      default -> throw new IllegalStateException("a calendar has no windows in " + unit);
    };
  }

  private static String length(Duration length) {
    if (length.toSeconds() % 60 != 0) {
      throw new IllegalArgumentException("OpenSLO counts in whole minutes, not " + length);
    }
    long minutes = length.toMinutes();
    if (minutes % 1_440 == 0) {
      return minutes / 1_440 + "d";
    }
    return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
  }

  private static String method(Budgeting budgeting) {
    return switch (budgeting) {
      case Budgeting.Occurrences _ -> "Occurrences";
      case Budgeting.Timeslices _ -> "Timeslices";
      case Budgeting.RatioTimeslices _ -> "RatioTimeslices";
    };
  }

  private static Map<String, Object> target(Objective objective) {
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("target", BigDecimal.valueOf(objective.target()));
    switch (objective.budgeting()) {
      case Budgeting.Occurrences _ -> {}
      case Budgeting.Timeslices(Duration slice, double sliceTarget, boolean above) -> {
        target.put("op", above ? "gt" : "gte");
        target.put("timeSliceTarget", BigDecimal.valueOf(sliceTarget));
        target.put("timeSliceWindow", length(slice));
      }
      case Budgeting.RatioTimeslices(Duration slice) ->
          target.put("timeSliceWindow", length(slice));
    }
    return target;
  }
}
