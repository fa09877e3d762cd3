package firebreak.eventstore.execution;

import firebreak.eventstore.Query;
import firebreak.eventstore.Query.Order;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Value;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a query lists its rows: its own orders, then the first calculation descending,
 * then the group. A cell without a number comes last, whichever the direction.
 */
public final class RowOrder {
  private static final Comparator<Value> BY_VALUE =
      Comparator.<Value>naturalOrder().thenComparing(value -> value instanceof Value.Real);

  private RowOrder() {}

  public static Comparator<Row> of(Query query) {
    Comparator<Row> comparator = (_, _) -> 0;
    for (Order order : query.orders()) {
      comparator =
          comparator.thenComparing(
              switch (order) {
                case Order.ByCalculation by ->
                    byNumber(row -> row.cells().get(by.index()).number(), by.descending());
                case Order.ByBreakdown by -> byField(by.index(), by.descending());
                case Order.ByDifference by ->
                    byNumber(row -> row.difference(by.index()), by.descending());
              });
    }
    return comparator
        .thenComparing(byNumber(row -> row.cells().getFirst().number(), true))
        .thenComparing(RowOrder::compareGroups);
  }

  private static Comparator<Row> byNumber(ToDoubleFunction<Row> number, boolean descending) {
    return (a, b) -> {
      double left = number.applyAsDouble(a);
      double right = number.applyAsDouble(b);
      if (Double.isNaN(left) || Double.isNaN(right)) {
        return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
      }
      return descending ? Double.compare(right, left) : Double.compare(left, right);
    };
  }

  private static Comparator<Row> byField(int index, boolean descending) {
    Comparator<Row> ascending = (a, b) -> compareValues(a.group().get(index), b.group().get(index));
    return descending ? ascending.reversed() : ascending;
  }

  private static int compareGroups(Row a, Row b) {
    List<@Nullable Value> left = a.group();
    for (int i = 0; i < left.size(); i++) {
      int order = compareValues(left.get(i), b.group().get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  static int compareValues(@Nullable Value a, @Nullable Value b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return BY_VALUE.compare(a, b);
  }
}
