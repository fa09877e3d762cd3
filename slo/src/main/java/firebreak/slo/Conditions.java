package firebreak.slo;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads filter conditions as Honeycomb writes them: a column, an operator by its name, a plain
 * value.
 *
 * <p>A negative operator is the exact negation of its positive: an event without the column
 * matches.
 */
public final class Conditions {

  /** The operators there are. */
  public static final List<String> OPERATORS =
      List.of(
          "=",
          "!=",
          ">",
          ">=",
          "<",
          "<=",
          "starts-with",
          "does-not-start-with",
          "ends-with",
          "does-not-end-with",
          "contains",
          "does-not-contain",
          "exists",
          "does-not-exist",
          "in",
          "not-in");

  private Conditions() {}

  /**
   * The filter of one condition.
   *
   * @param value text, a number, a truth value; for {@code in} and {@code not-in} a collection of
   *     these; null where there is none
   * @throws IllegalArgumentException if the operator is unknown or the value does not suit it
   */
  public static Filter filter(String column, String op, @Nullable Object value) {
    if (column.isEmpty()) {
      throw new IllegalArgumentException("a condition needs a column");
    }
    return switch (op) {
      case "=" -> Filter.equal(column, value(column, op, value));
      case "!=" -> Filter.not(filter(column, "=", value));
      case ">" -> compare(column, op, Relation.GREATER, value);
      case ">=" -> compare(column, op, Relation.GREATER_OR_EQUAL, value);
      case "<" -> compare(column, op, Relation.LESS, value);
      case "<=" -> compare(column, op, Relation.LESS_OR_EQUAL, value);
      case "starts-with" -> matches(column, op, Filter.Match.STARTS_WITH, value);
      case "does-not-start-with" -> Filter.not(filter(column, "starts-with", value));
      case "ends-with" -> matches(column, op, Filter.Match.ENDS_WITH, value);
      case "does-not-end-with" -> Filter.not(filter(column, "ends-with", value));
      case "contains" -> matches(column, op, Filter.Match.CONTAINS, value);
      case "does-not-contain" -> Filter.not(filter(column, "contains", value));
      case "exists" -> exists(column, op, value);
      case "does-not-exist" -> Filter.not(exists(column, op, value));
      case "in" -> in(column, op, value);
      case "not-in" -> Filter.not(in(column, op, value));
      default ->
          throw new IllegalArgumentException(
              "unknown operator \"%s\"%s; there are %s"
                  .formatted(op, Nearest.hint(op, OPERATORS), String.join(" ", OPERATORS)));
    };
  }

  /**
   * Combines conditions as {@code filter_combination} says; no conditions match everything.
   *
   * @param combination {@code AND} or {@code OR}, in either case
   */
  public static Filter combine(String combination, List<Filter> filters) {
    if (!combination.equalsIgnoreCase("AND") && !combination.equalsIgnoreCase("OR")) {
      throw new IllegalArgumentException(
          "filter_combination is AND or OR, was \"" + combination + "\"");
    }
    if (filters.isEmpty()) {
      return Filter.ALL;
    }
    if (filters.size() == 1) {
      return filters.getFirst();
    }
    return combination.equalsIgnoreCase("AND") ? new Filter.And(filters) : new Filter.Or(filters);
  }

  /**
   * The value of a plain Java object: text, a number, a truth value.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Value value(Object plain) {
    return switch (plain) {
      case String text -> Value.of(text);
      case Boolean truth -> Value.of(truth);
      case Byte number -> Value.of(number.longValue());
      case Short number -> Value.of(number.longValue());
      case Integer number -> Value.of(number.longValue());
      case Long number -> Value.of(number);
      case Float number -> Value.number(number);
      case Double number -> Value.number(number);
      case BigInteger number when number.bitLength() < Long.SIZE -> Value.of(number.longValue());
      case BigInteger number -> Value.number(number.doubleValue());
      case BigDecimal number -> Value.number(number.doubleValue());
      default ->
          throw new IllegalArgumentException(
              "a value is text, a number or a truth value, was " + plain);
    };
  }

  private static Value value(String column, String op, @Nullable Object plain) {
    if (plain == null) {
      throw new IllegalArgumentException(
          "%s %s needs a value; absence is does-not-exist".formatted(column, op));
    }
    return value(plain);
  }

  private static Filter compare(
      String column, String op, Relation relation, @Nullable Object plain) {
    Value bound = value(column, op, plain);
    if (bound instanceof Value.Truth) {
      throw new IllegalArgumentException(
          "%s %s compares with a number or text, was %s".formatted(column, op, plain));
    }
    return new Filter.Compare(column, relation, bound);
  }

  private static Filter matches(
      String column, String op, Filter.Match match, @Nullable Object plain) {
    if (value(column, op, plain) instanceof Value.Text text) {
      return new Filter.Matches(column, match, text.text());
    }
    throw new IllegalArgumentException(
        "%s %s takes text, was %s; quote it".formatted(column, op, plain));
  }

  private static Filter exists(String column, String op, @Nullable Object plain) {
    if (plain != null) {
      throw new IllegalArgumentException(
          "%s %s takes no value, was %s".formatted(column, op, plain));
    }
    return new Filter.Exists(column);
  }

  private static Filter in(String column, String op, @Nullable Object plain) {
    if (!(plain instanceof Collection<?> values)) {
      throw new IllegalArgumentException(
          "%s %s takes a list of values, was %s".formatted(column, op, plain));
    }
    Set<Value> distinct = new LinkedHashSet<>();
    for (Object each : values) {
      distinct.add(value(column, op, each));
    }
    return new Filter.In(column, distinct);
  }
}
