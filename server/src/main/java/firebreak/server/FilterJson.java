package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import firebreak.slo.Conditions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads filters in Honeycomb's JSON shape: {@code filters}, a list of {@code {column, op, value}},
 * and {@code filter_combination}, AND or OR. An entry of the list may be such a pair itself.
 *
 * <p>A column may be that of some span of the trace, {@code any.name}: of one list joined by AND
 * all conditions with the same one of the prefixes {@code any.}, {@code any2.} and {@code any3.}
 * must hold for one span. {@code none.name} is the negation: no span meets all of them.
 */
final class FilterJson {
  private static final Set<String> CONDITION = Set.of("column", "op", "value");
  private static final Set<String> NESTED = Set.of("filters", "filter_combination");

  /** The prefixes under which conditions are on some span of the trace. */
  private static final List<String> SOME_SPAN = List.of("any.", "any2.", "any3.", "none.");

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
    String combination = holder.path("filter_combination").asText("AND");
    return switch (combination) {
      case "AND" -> new Filter.And(entries(list, true));
      case "OR" -> list.isEmpty() ? Filter.ALL : new Filter.Or(entries(list, false));
      default ->
          throw new IllegalArgumentException("filter_combination is AND or OR, was " + combination);
    };
  }

  /** The filters of a list; those on one span of the trace are one if they are to be together. */
  private static List<Filter> entries(JsonNode list, boolean together) {
    List<Filter> filters = new ArrayList<>();
    Map<String, List<Filter>> onSomeSpan = new LinkedHashMap<>();
    for (JsonNode entry : list) {
      if (entry.has("filters")) {
        KnownKeys.check("a nested filter", entry, NESTED);
        filters.add(filters(entry));
        continue;
      }
      KnownKeys.check("a filter", entry, CONDITION);
      String column = JsonKeys.text(entry, "column");
      String prefix = someSpan(column);
      Filter condition =
          Conditions.filter(
              column.substring(prefix.length()), JsonKeys.text(entry, "op"), value(entry));
      if (prefix.isEmpty()) {
        filters.add(condition);
      } else if (together) {
        onSomeSpan.computeIfAbsent(prefix, _ -> new ArrayList<>()).add(condition);
      } else {
        filters.add(inTrace(prefix, condition));
      }
    }
    onSomeSpan.forEach(
        (prefix, conditions) -> filters.add(inTrace(prefix, new Filter.And(conditions))));
    return filters;
  }

  /** The prefix that makes a column that of some span of the trace; empty if it has none. */
  static String someSpan(String column) {
    return SOME_SPAN.stream().filter(column::startsWith).findFirst().orElse("");
  }

  private static Filter inTrace(String prefix, Filter filter) {
    Filter some = new Filter.InTrace(filter);
    return prefix.equals("none.") ? Filter.not(some) : some;
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
          List.of(condition(compare.field(), compare.relation().sign(), compare.bound()));
      case Filter.Exists exists ->
          List.of(JsonTree.object().put("column", exists.field()).put("op", "exists"));
      case Filter.In _,
          Filter.Or _,
          Filter.Not _,
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

  private static @Nullable Object value(JsonNode entry) {
    JsonNode value = entry.path("value");
    return value.isMissingNode() || value.isNull() ? null : plain(value);
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
    if (value.isBoolean()) {
      return value.asBoolean();
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          "the value of a filter is text, a number, true or false, or a list, was " + value);
    }
    return value.asText();
  }
}
