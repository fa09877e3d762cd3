package firebreak.slo;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns one OpenSLO document of kind SLO into objectives, one for each that it lists. */
final class SloDocument {
  static final Set<String> METADATA = Set.of("name", "displayName", "labels", "annotations");
  private static final Set<String> SPEC =
      Set.of(
          "description",
          "service",
          "indicator",
          "indicatorRef",
          "timeWindow",
          "budgetingMethod",
          "objectives",
          "alertPolicies");
  private static final Set<String> INDICATOR = Set.of("metadata", "spec");
  private static final Set<String> INDICATOR_SPEC =
      Set.of("description", "ratioMetric", "thresholdMetric");
  private static final Set<String> RATIO =
      Set.of("counter", "good", "bad", "total", "raw", "rawType");
  private static final Set<String> METRIC = Set.of("metricSource");
  private static final Set<String> SOURCE = Set.of("metricSourceRef", "type", "spec");
  private static final Set<String> EVENTS =
      Set.of("dataset", "datasets", "filters", "filter_combination");
  private static final Set<String> EVENTS_AND_COLUMN =
      Set.of("dataset", "datasets", "filters", "filter_combination", "column");
  private static final Set<String> CONDITION = Set.of("column", "op", "value");
  private static final Set<String> TIME_WINDOW = Set.of("duration", "isRolling", "calendar");
  private static final Set<String> OBJECTIVE =
      Set.of(
          "displayName",
          "op",
          "value",
          "target",
          "targetPercent",
          "timeSliceTarget",
          "timeSliceWindow",
          "compositeWeight",
          "indicator",
          "indicatorRef");
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "lt", Relation.LESS,
          "lte", Relation.LESS_OR_EQUAL,
          "gt", Relation.GREATER,
          "gte", Relation.GREATER_OR_EQUAL);
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})([a-zA-Z])");

  private final Section metadata;
  private final Section spec;
  private final Section indicator;

  private SloDocument(Section document, Map<String, Section> indicators) {
    this.metadata = document.section("metadata", METADATA);
    this.spec = document.section("spec", SPEC);
    this.indicator = indicator(indicators);
  }

  /** Events by where they lie and what they pass; no dataset where none is named. */
  private record Source(List<String> datasets, Filter filter, @Nullable Section spec) {}

  /** Which events are eligible and which of them good. */
  private record Indicator(List<String> datasets, Filter eligible, Filter good) {}

  /**
   * @param indicators documents of kind SLI by name
   */
  static List<Objective> objectives(Section document, Map<String, Section> indicators) {
    return new SloDocument(document, indicators).objectives();
  }

  private List<Objective> objectives() {
    String id = metadata.text("name");
    String name = metadata.text("displayName", id);
    Duration window = window();
    checkBudgetingMethod();
    List<YamlNode> listed = spec.list("objectives");
    if (listed.isEmpty()) {
      throw spec.wrong("objectives", "names at least one objective");
    }
    List<Objective> objectives = new ArrayList<>();
    for (YamlNode each : listed) {
      String path = "spec.objectives[" + objectives.size() + "]";
      Section objective = Section.of(path, each, OBJECTIVE);
      for (String key : List.of("timeSliceTarget", "timeSliceWindow")) {
        if (objective.has(key)) {
          throw objective.wrong(key, "means nothing to budgetingMethod Occurrences");
        }
      }
      for (String key : List.of("indicator", "indicatorRef", "compositeWeight")) {
        if (objective.has(key)) {
          throw objective.wrong(key, "makes a composite SLO, which is not supported yet");
        }
      }
      Indicator of = indicator(objective);
      int place = objectives.size() + 1;
      objectives.add(
          new Objective(
              place == 1 ? id : id + "-" + place,
              listed.size() == 1 ? name : objective.text("displayName", name),
              spec.text("service", of.datasets.getFirst()),
              of.datasets,
              of.eligible,
              of.good,
              target(objective),
              window));
    }
    return objectives;
  }

  private Duration window() {
    List<YamlNode> windows = spec.list("timeWindow");
    if (windows.size() != 1) {
      throw spec.wrong("timeWindow", "names one window, named " + windows.size());
    }
    Section window = Section.of("spec.timeWindow[0]", windows.getFirst(), TIME_WINDOW);
    boolean isRolling = Boolean.parseBoolean(window.text("isRolling", "false"));
    if (window.has("calendar") || !isRolling) {
      String key = window.has("calendar") ? "calendar" : "isRolling";
      throw window.wrong(key, "asks for a calendar window, not supported yet: isRolling: true");
    }
    String text = window.text("duration");
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw window.wrong("duration", "is like 30d, 4w or 12h, was \"" + text + "\"");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration length =
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          case "w" -> Duration.ofDays(7 * number);
          case "M", "Q", "Y" ->
              throw window.wrong(
                  "duration", "of " + text + " has no fixed length; say it in days, like 30d");
          default -> throw window.wrong("duration", "is in m, h, d or w, was \"" + text + "\"");
        };
    if (length.compareTo(SloMonitor.WINDOW_AT_MOST) > 0) {
      throw window.wrong(
          "duration", "is at most %dd, was %s".formatted(SloMonitor.WINDOW_AT_MOST.toDays(), text));
    }
    return length;
  }

  private void checkBudgetingMethod() {
    String method = spec.text("budgetingMethod", "Occurrences");
    if (method.equals("Timeslices") || method.equals("RatioTimeslices")) {
      throw spec.wrong(
          "budgetingMethod", method + " is not supported yet: budgetingMethod: Occurrences");
    }
    if (!method.equals("Occurrences")) {
      throw spec.wrong("budgetingMethod", "is Occurrences, was \"" + method + "\"");
    }
  }

  private static double target(Section objective) {
    if (objective.has("target") == objective.has("targetPercent")) {
      throw objective.wrong(
          "target", "is missing, or is there beside targetPercent; one of them is needed");
    }
    if (objective.has("targetPercent")) {
      BigDecimal percent = objective.number("targetPercent");
      if (percent.signum() <= 0 || percent.compareTo(BigDecimal.valueOf(100)) >= 0) {
        throw objective.wrong("targetPercent", "lies between 0 and 100, was " + percent);
      }
      return percent.movePointLeft(2).doubleValue();
    }
    BigDecimal target = objective.number("target");
    if (target.signum() <= 0 || target.compareTo(BigDecimal.ONE) >= 0) {
      String instead =
          target.compareTo(BigDecimal.ONE) > 0 ? "; targetPercent: " + target + "?" : "";
      throw objective.wrong("target", "lies between 0 and 1, was " + target + instead);
    }
    return target.doubleValue();
  }

  private Section indicator(Map<String, Section> indicators) {
    if (spec.has("indicator") == spec.has("indicatorRef")) {
      throw spec.wrong(
          "indicator", "is missing, or is there beside indicatorRef; one of them is needed");
    }
    if (spec.has("indicator")) {
      return spec.section("indicator", INDICATOR).section("spec", INDICATOR_SPEC);
    }
    String name = spec.text("indicatorRef");
    Section document = indicators.get(name);
    if (document == null) {
      throw spec.wrong(
          "indicatorRef",
          "names no SLI: \"" + name + "\"" + Nearest.hint(name, indicators.keySet()));
    }
    return document.section("spec", INDICATOR_SPEC);
  }

  private Indicator indicator(Section objective) {
    if (indicator.has("ratioMetric") == indicator.has("thresholdMetric")) {
      throw indicator.wrong(
          "ratioMetric", "is missing, or is there beside thresholdMetric; one of them is needed");
    }
    return indicator.has("ratioMetric")
        ? ratio(indicator.section("ratioMetric", RATIO))
        : threshold(indicator.section("thresholdMetric", METRIC), objective);
  }

  private static Indicator ratio(Section ratio) {
    if (ratio.has("raw") || ratio.has("rawType")) {
      throw ratio.wrong(ratio.has("raw") ? "raw" : "rawType", "is not read; use good and total");
    }
    if (ratio.has("good") == ratio.has("bad")) {
      throw ratio.wrong("good", "is missing, or is there beside bad; one of them is needed");
    }
    Source total = source(ratio.section("total", METRIC), EVENTS);
    String key = ratio.has("good") ? "good" : "bad";
    Source part = source(ratio.section(key, METRIC), EVENTS);
    if (!part.datasets.isEmpty() && !Set.copyOf(part.datasets).equals(Set.copyOf(total.datasets))) {
      throw ratio.wrong(
          key, "counts in %s, but total in %s".formatted(part.datasets, total.datasets));
    }
    if (total.datasets.isEmpty()) {
      throw ratio.wrong("total", "names no dataset");
    }
    Filter good = key.equals("good") ? part.filter : Filter.not(part.filter);
    return new Indicator(total.datasets, total.filter, good);
  }

  private static Indicator threshold(Section threshold, Section objective) {
    Source source = source(threshold, EVENTS_AND_COLUMN);
    Section events = source.spec;
    if (source.datasets.isEmpty() || events == null) {
      throw threshold.wrong("metricSource", "names no dataset");
    }
    String column = events.text("column");
    String op = objective.text("op");
    Relation relation = RELATIONS.get(op);
    if (relation == null) {
      throw objective.wrong(
          "op", "is lt, lte, gt or gte, was \"" + op + "\"" + Nearest.hint(op, RELATIONS.keySet()));
    }
    Value bound = Value.number(objective.number("value").doubleValue());
    return new Indicator(
        source.datasets,
        Filter.and(source.filter, new Filter.Exists(column)),
        new Filter.Compare(column, relation, bound));
  }

  private static Source source(Section metric, Set<String> known) {
    Section source = metric.section("metricSource", SOURCE);
    String type = source.text("type");
    if (!type.equalsIgnoreCase("firebreak")) {
      throw source.wrong("type", "is firebreak, was \"" + type + "\"");
    }
    Section events = source.section("spec", known);
    List<String> datasets = datasets(events);
    List<Filter> filters = new ArrayList<>();
    List<YamlNode> conditions = events.has("filters") ? events.list("filters") : List.of();
    for (YamlNode condition : conditions) {
      filters.add(condition(events.path() + ".filters[" + filters.size() + "]", condition));
    }
    String combination = events.text("filter_combination", "AND");
    if (!combination.equalsIgnoreCase("AND") && !combination.equalsIgnoreCase("OR")) {
      throw events.wrong("filter_combination", "is AND or OR, was \"" + combination + "\"");
    }
    return new Source(datasets, Conditions.combine(combination, filters), events);
  }

  private static List<String> datasets(Section events) {
    if (events.has("dataset") && events.has("datasets")) {
      throw events.wrong("datasets", "is there beside dataset; one of them is enough");
    }
    if (events.has("dataset")) {
      return List.of(events.text("dataset"));
    }
    List<String> datasets = new ArrayList<>();
    for (YamlNode item : events.has("datasets") ? events.list("datasets") : List.<YamlNode>of()) {
      if (!(item instanceof YamlNode.Scalar scalar) || scalar.text().isBlank()) {
        throw events.wrong("datasets", "is a list of names");
      }
      datasets.add(scalar.text());
    }
    return datasets;
  }

  private static Filter condition(String path, YamlNode node) {
    Section condition = Section.of(path, node, CONDITION);
    String column = condition.text("column");
    String op = condition.text("op");
    if (Traces.isRelational(column)) {
      throw condition.wrong("column", "is of another span; an objective looks at each event alone");
    }
    try {
      return Conditions.filter(column, op, plain(condition.find("value")));
    } catch (IllegalArgumentException e) {
      String key = Conditions.OPERATORS.contains(op) && condition.has("value") ? "value" : "op";
      throw condition.wrong(key, "does not fit: " + e.getMessage());
    }
  }

  private static @Nullable Object plain(@Nullable YamlNode node) {
    return switch (node) {
      case null -> null;
      case YamlNode.Scalar scalar -> scalar.value();
      case YamlNode.Sequence sequence -> {
        List<@Nullable Object> values = new ArrayList<>();
        sequence.items().forEach(item -> values.add(plain(item)));
        yield values;
      }
      case YamlNode.Mapping mapping -> mapping.entries();
    };
  }
}
