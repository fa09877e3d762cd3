package firebreak.eventstore.execution;

import firebreak.eventstore.Query;
import firebreak.eventstore.Query.Having;
import firebreak.eventstore.Query.Order;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/** Which groups a query lists and in which order, from what was computed for every group. */
final class Ranking {
  private final Query query;
  private final Grouping grouping;

  /** The number of each calculation that matters here, for each group. */
  private final double[][] numbers;

  /** The same less that of the comparison. */
  private final double[][] differences;

  Ranking(Query query, Grouping grouping) {
    this.query = query;
    this.grouping = grouping;
    numbers = new double[query.calculations().size()][];
    differences = new double[query.calculations().size()][];
  }

  /** The calculations, by position, that decide which groups are listed and where. */
  static Set<Integer> calculations(Query query) {
    Set<Integer> needed = new TreeSet<>();
    needed.add(0);
    query.havings().forEach(having -> needed.add(having.calculation()));
    for (Order order : query.orders()) {
      switch (order) {
        case Order.ByCalculation by -> needed.add(by.index());
        case Order.ByDifference by -> needed.add(by.index());
        case Order.ByBreakdown _ -> {}
      }
    }
    return needed;
  }

  /** The calculations, by position, whose difference to the comparison decides too. */
  static Set<Integer> compared(Query query) {
    Set<Integer> needed = new TreeSet<>();
    for (Having having : query.havings()) {
      if (having.subject() == Query.Subject.DIFFERENCE) {
        needed.add(having.calculation());
      }
    }
    for (Order order : query.orders()) {
      if (order instanceof Order.ByDifference by) {
        needed.add(by.index());
      }
    }
    return needed;
  }

  /** To be told of the number of each group, NaN for none. */
  void set(int calculation, double[] numberOfGroup) {
    numbers[calculation] = numberOfGroup;
  }

  /** To be told of the numbers of the comparison after those of now. */
  void setEarlier(int calculation, double[] earlier) {
    double[] less = numbers[calculation].clone();
    for (int group = 0; group < less.length; group++) {
      less[group] -= group < earlier.length ? earlier[group] : empty(calculation);
    }
    differences[calculation] = less;
  }

  /** The number of a calculation over no rows at all. */
  private double empty(int calculation) {
    return switch (query.calculations().get(calculation).operation()) {
      case COUNT, COUNT_DISTINCT, CONCURRENCY -> 0;
      case SUM, AVG, MIN, MAX, HEATMAP, RATE_AVG, RATE_SUM, RATE_MAX -> Double.NaN;
      case P001, P01, P05, P10, P20, P25, P50, P75, P80, P90, P95, P99, P999 -> Double.NaN;
    };
  }

  /** The groups as listed, after HAVING and limit. */
  @SuppressWarnings("ArrayRecordComponent")
  record Listed(int[] kept, int[] cut) {}

  /** Chooses among the groups that occur. */
  Listed list(int[] groups) {
    PriorityQueue<Integer> lastFirst = new PriorityQueue<>((a, b) -> compare(b, a));
    int[] cut = new int[groups.length];
    int cuts = 0;
    for (int group : groups) {
      if (!holdsHavings(group)) {
        continue;
      }
      if (lastFirst.size() < query.limit()) {
        lastFirst.add(group);
      } else if (compare(group, lastFirst.element()) < 0) {
        cut[cuts++] = lastFirst.remove();
        lastFirst.add(group);
      } else {
        cut[cuts++] = group;
      }
    }
    int[] kept = new int[lastFirst.size()];
    for (int i = kept.length - 1; i >= 0; i--) {
      kept[i] = lastFirst.remove();
    }
    return new Listed(kept, Arrays.copyOf(cut, cuts));
  }

  private boolean holdsHavings(int group) {
    for (Having having : query.havings()) {
      if (!having.holds(subject(having)[group])) {
        return false;
      }
    }
    return true;
  }

  private double[] subject(Having having) {
    return switch (having.subject()) {
      case VALUE -> numbers[having.calculation()];
      case DIFFERENCE -> differences[having.calculation()];
    };
  }

  private int compare(int a, int b) {
    for (Order order : query.orders()) {
      int compared =
          switch (order) {
            case Order.ByCalculation by -> byNumber(numbers[by.index()], by.descending(), a, b);
            case Order.ByBreakdown by -> byField(by.index(), by.descending(), a, b);
            case Order.ByDifference by -> byNumber(differences[by.index()], by.descending(), a, b);
          };
      if (compared != 0) {
        return compared;
      }
    }
    int first = byNumber(numbers[0], true, a, b);
    for (int field = 0; field < query.breakdowns().size() && first == 0; field++) {
      first = byField(field, false, a, b);
    }
    return first;
  }

  private static int byNumber(double[] of, boolean descending, int a, int b) {
    double left = of[a];
    double right = of[b];
    if (Double.isNaN(left) || Double.isNaN(right)) {
      return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
    }
    return descending ? Double.compare(right, left) : Double.compare(left, right);
  }

  private int byField(int field, boolean descending, int a, int b) {
    int order = RowOrder.compareValues(grouping.value(a, field), grouping.value(b, field));
    return descending ? -order : order;
  }
}
