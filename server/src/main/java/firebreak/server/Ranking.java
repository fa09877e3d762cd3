package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.Query.Subject;
import firebreak.eventstore.Relation;
import firebreak.server.NamedQuery.FormulaCondition;
import firebreak.server.NamedQuery.FormulaOrder;
import firebreak.server.NamedQuery.ResultFormula;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which rows a query lists, and in which order: its orders and havings. */
final class Ranking {
  private static final Set<String> ORDER = Set.of("op", "column", "name", "order", "difference");
  private static final Set<String> HAVING =
      Set.of("calculate_op", "column", "name", "op", "value", "difference");

  private final List<Calculation> calculations;
  private final List<String> names;
  private final List<String> breakdowns;
  private final List<ResultFormula> formulas;
  private final List<FormulaCondition> conditions = new ArrayList<>();
  private @Nullable FormulaOrder order;

  Ranking(
      List<Calculation> calculations,
      List<String> names,
      List<String> breakdowns,
      List<ResultFormula> formulas) {
    this.calculations = calculations;
    this.names = names;
    this.breakdowns = breakdowns;
    this.formulas = formulas;
  }

  /** The order on a formula, after {@link #orders}. */
  @Nullable FormulaOrder order() {
    return order;
  }

  /** The conditions on formulas, after {@link #havings}. */
  List<FormulaCondition> conditions() {
    return conditions;
  }

  List<Order> orders(JsonNode body) {
    List<Order> orders = new ArrayList<>();
    for (JsonNode node : JsonKeys.list(body, "orders", Limits.CALCULATIONS)) {
      KnownKeys.check("an order", node, ORDER);
      boolean descending = isDescending(node);
      ResultFormula formula = formula(node);
      if (formula == null) {
        orders.add(order(node, descending));
      } else if (orders.isEmpty() && order == null) {
        order = new FormulaOrder(formula, descending);
      } else {
        throw new IllegalArgumentException(
            "orders: an order by a formula comes first, and there is one at most, was " + node);
      }
    }
    return orders;
  }

  private static boolean isDescending(JsonNode node) {
    String direction = JsonKeys.text(node, "order");
    return switch (direction) {
      case "", "ascending" -> false;
      case "descending" -> true;
      default ->
          throw new IllegalArgumentException(
              "orders: order is ascending or descending, was " + direction);
    };
  }

  private Order order(JsonNode node, boolean descending) {
    boolean difference = JsonKeys.flag(node, "difference", false);
    if (node.hasNonNull("op") || node.hasNonNull("name")) {
      int index = position("orders", node, JsonKeys.text(node, "op"));
      return difference
          ? new Order.ByDifference(index, descending)
          : new Order.ByCalculation(index, descending);
    }
    int index = breakdowns.indexOf(JsonKeys.text(node, "column"));
    if (index < 0 || difference) {
      throw new IllegalArgumentException(
          "orders has %s, which is no breakdown of the query".formatted(node));
    }
    return new Order.ByBreakdown(index, descending);
  }

  List<Having> havings(JsonNode body) {
    List<Having> havings = new ArrayList<>();
    for (JsonNode node : JsonKeys.list(body, "havings", Limits.CALCULATIONS)) {
      KnownKeys.check("a having", node, HAVING);
      Relation relation = relation(JsonKeys.text(node, "op"));
      if (!node.path("value").isNumber()) {
        throw new IllegalArgumentException("havings: value is a number, was " + node.path("value"));
      }
      double bound = node.path("value").asDouble();
      ResultFormula formula = formula(node);
      if (formula != null) {
        conditions.add(new FormulaCondition(formula, relation, bound));
        continue;
      }
      int index = position("havings", node, JsonKeys.text(node, "calculate_op"));
      boolean difference = JsonKeys.flag(node, "difference", false);
      Subject subject = difference ? Subject.DIFFERENCE : Subject.VALUE;
      havings.add(new Having(index, subject, relation, bound));
    }
    return havings;
  }

  private @Nullable ResultFormula formula(JsonNode node) {
    String name = JsonKeys.text(node, "name");
    for (ResultFormula formula : formulas) {
      if (formula.name().equals(name)) {
        if (JsonKeys.flag(node, "difference", false)) {
          throw new IllegalArgumentException("a formula has no difference, was " + node);
        }
        return formula;
      }
    }
    return null;
  }

  private int position(String key, JsonNode node, String op) {
    String name = JsonKeys.text(node, "name");
    if (!name.isEmpty() && names.contains(name)) {
      return names.indexOf(name);
    }
    String column = JsonKeys.text(node, "column");
    for (int i = 0; i < calculations.size() && name.isEmpty(); i++) {
      Calculation calculation = calculations.get(i);
      if (calculation.operation().name().equals(op) && calculation.column().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "%s has %s, which the query does not calculate".formatted(key, node));
  }

  private static Relation relation(String op) {
    return switch (op) {
      case "=" -> Relation.EQUAL;
      case "!=" -> Relation.NOT_EQUAL;
      case "<" -> Relation.LESS;
      case "<=" -> Relation.LESS_OR_EQUAL;
      case ">" -> Relation.GREATER;
      case ">=" -> Relation.GREATER_OR_EQUAL;
      default ->
          throw new IllegalArgumentException("havings: op is =, !=, <, <=, > or >=, was " + op);
    };
  }
}
