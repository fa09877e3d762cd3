package firebreak.slo;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events are eligible and which of them good, as an OpenSLO document says it. */
record SaidIndicator(
    List<String> datasets, Filter eligible, Filter good, Map<String, String> derived) {
  private static final Set<String> RATIO =
      Set.of("counter", "good", "bad", "total", "raw", "rawType");
  private static final Set<String> METRIC = Set.of("metricSource");
  private static final Set<String> SOURCE = Set.of("metricSourceRef", "type", "spec");
  private static final Set<String> EVENTS =
      Set.of("dataset", "datasets", "filters", "filter_combination", "derived");
  private static final Set<String> EVENTS_AND_COLUMN =
      Set.of("dataset", "datasets", "filters", "filter_combination", "derived", "column");
  private static final Set<String> CONDITION = Set.of("column", "op", "value");
  private static final Set<String> GROUP = Set.of("filters", "filter_combination");
  private static final Set<String> NEGATION = Set.of("not");
  private static final Map<String, Relation> RELATIONS =
      Map.of(
          "lt", Relation.LESS,
          "lte", Relation.LESS_OR_EQUAL,
          "gt", Relation.GREATER,
          "gte", Relation.GREATER_OR_EQUAL);

  /** Events by where they lie and what they pass; no dataset where none is named. */
  private record Source(
      List<String> datasets, Filter filter, @Nullable Section spec, Map<String, String> derived) {}

  /**
   * The indicator that a document says, for one of its objectives.
   *
   * @param indicator the {@code spec} of an SLI
   */
  static SaidIndicator of(Section indicator, Section objective) {
    if (indicator.has("ratioMetric") == indicator.has("thresholdMetric")) {
      throw indicator.wrong(
          "ratioMetric", "is missing, or is there beside thresholdMetric; one of them is needed");
    }
    return indicator.has("ratioMetric")
        ? ratio(indicator.section("ratioMetric", RATIO))
        : threshold(indicator.section("thresholdMetric", METRIC), objective);
  }

  private static SaidIndicator ratio(Section ratio) {
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
    return new SaidIndicator(
        total.datasets, total.filter, good, bothDerived(ratio, key, total.derived, part.derived));
  }

  private static SaidIndicator threshold(Section threshold, Section objective) {
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
    return new SaidIndicator(
        source.datasets,
        Filter.and(source.filter, new Filter.Exists(column)),
        new Filter.Compare(column, relation, bound),
        source.derived);
  }

  private static Source source(Section metric, Set<String> known) {
    Section source = metric.section("metricSource", SOURCE);
    String type = source.text("type");
    if (!type.equalsIgnoreCase("firebreak")) {
      throw source.wrong("type", "is firebreak, was \"" + type + "\"");
    }
    Section events = source.section("spec", known);
    List<String> datasets = datasets(events);
    return new Source(datasets, filters(events), events, derived(events));
  }

  /** The derived columns that the filters may name: aliases with their formulas. */
  private static Map<String, String> derived(Section events) {
    if (!events.has("derived")) {
      return Map.of();
    }
    if (!(events.get("derived") instanceof YamlNode.Mapping mapping)) {
      throw events.wrong("derived", "is a mapping of names to formulas");
    }
    Map<String, String> derived = new LinkedHashMap<>();
    Section columns = new Section(events.path() + ".derived", mapping);
    for (String alias : mapping.entries().keySet()) {
      String expression = columns.text(alias);
      try {
        Formula.parse(expression);
      } catch (IllegalArgumentException e) {
        throw columns.wrong(alias, "does not fit: " + e.getMessage());
      }
      derived.put(alias, expression);
    }
    return derived;
  }

  private static Map<String, String> bothDerived(
      Section ratio, String key, Map<String, String> total, Map<String, String> part) {
    Map<String, String> both = new LinkedHashMap<>(total);
    part.forEach(
        (alias, expression) -> {
          String other = both.putIfAbsent(alias, expression);
          if (other != null && !other.equals(expression)) {
            throw ratio.wrong(key, "derives " + alias + " otherwise than total");
          }
        });
    return both;
  }

  /** The filter that a section's {@code filters} and {@code filter_combination} make. */
  private static Filter filters(Section section) {
    List<Filter> filters = new ArrayList<>();
    List<YamlNode> conditions = section.has("filters") ? section.list("filters") : List.of();
    for (YamlNode condition : conditions) {
      filters.add(condition(section.path() + ".filters[" + filters.size() + "]", condition));
    }
    String combination = section.text("filter_combination", "AND");
    if (!combination.equalsIgnoreCase("AND") && !combination.equalsIgnoreCase("OR")) {
      throw section.wrong("filter_combination", "is AND or OR, was \"" + combination + "\"");
    }
    return Conditions.combine(combination, filters);
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

  /** One condition; or several as one, {@code {filters, filter_combination}}; or {@code {not}}. */
  private static Filter condition(String path, YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      if (mapping.entries().containsKey("filters")) {
        return filters(Section.of(path, node, GROUP));
      }
      if (mapping.entries().containsKey("not")) {
        return Filter.not(condition(path + ".not", Section.of(path, node, NEGATION).get("not")));
      }
    }
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
