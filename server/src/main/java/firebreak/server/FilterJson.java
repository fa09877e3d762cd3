package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import firebreak.slo.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads filters in Honeycomb's JSON shape: {@code filters}, a list of {@code {column, op, value}},
 * and {@code filter_combination}, AND or OR. An entry of the list may be such a pair itself.
 */
final class FilterJson {
  private static final Set<String> CONDITION = Set.of("column", "op", "value");
  private static final Set<String> NESTED = Set.of("filters", "filter_combination");

  private FilterJson() {}

  /** The filter that an object's {@code filters} and {@code filter_combination} make. */
  static Filter filters(JsonNode holder) {
    JsonNode list = holder.path("filters");
    if (list.isMissingNode() || list.isNull()) {
      return Filter.ALL;
    }
    if (!list.isArray() || list.size() > Limits.FILTERS) {
      throw new IllegalArgumentException(
          "filters is a list of at most %d conditions".formatted(Limits.FILTERS));
    }
    List<Filter> filters = new ArrayList<>();
    list.forEach(entry -> filters.add(entry(entry)));
    String combination = holder.path("filter_combination").asText("AND");
    return switch (combination) {
      case "AND" -> new Filter.And(filters);
      case "OR" -> filters.isEmpty() ? Filter.ALL : new Filter.Or(filters);
      default ->
          throw new IllegalArgumentException("filter_combination is AND or OR, was " + combination);
    };
  }

  private static Filter entry(JsonNode entry) {
    if (entry.has("filters")) {
      KnownKeys.check("a nested filter", entry, NESTED);
      return filters(entry);
    }
    KnownKeys.check("a filter", entry, CONDITION);
    return Conditions.filter(
        entry.path("column").asText(), entry.path("op").asText(), plain(entry.path("value")));
  }

  /**
   * The conditions that a filter is made of, where all of them must hold and Honeycomb's shape can
   * say them; empty otherwise.
   */
  static List<ObjectNode> conditions(Filter filter) {
    return switch (filter) {
      case Filter.And and ->
          and.filters().stream().flatMap(part -> conditions(part).stream()).toList();
      case Filter.In in when in.values().size() == 1 ->
          List.of(condition(in.field(), "=", in.values().iterator().next()));
      case Filter.Compare compare ->
          List.of(condition(compare.field(), sign(compare.relation()), compare.bound()));
      case Filter.In _,
          Filter.Or _,
          Filter.Not _,
          Filter.Exists _,
          Filter.Matches _,
          Filter.During _,
          Filter.InTrace _ ->
          List.of();
    };
  }

  private static ObjectNode condition(String column, String op, Value value) {
    ObjectNode condition = JsonTree.object().put("column", column).put("op", op);
    condition.set("value", JsonTree.value(value));
    return condition;
  }

  private static String sign(Relation relation) {
    return switch (relation) {
      case EQUAL -> "=";
      case NOT_EQUAL -> "!=";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
    };
  }

  private static Object plain(JsonNode value) {
    if (value.isArray()) {
      List<Object> items = new ArrayList<>();
      value.forEach(item -> items.add(plain(item)));
      return items;
    }
    if (value.isNumber()) {
      return value.numberValue();
    }
    return value.isBoolean() ? value.asBoolean() : value.asText();
  }
}
