package firebreak.bench.accuracy;

import firebreak.bench.fleet.Figure;
import firebreak.bubbleup.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One figure of a table, ours and what others have in the same harness.
 *
 * @param value ours
 * @param interval in which the true value lies in 95 of 100 cases; both ends the value for what is
 *     no share
 */
record Result(
    String table,
    String figure,
    double value,
    Interval interval,
    SortedMap<String, Double> others) {

  /** A share of hits among trials, with Wilson's interval. */
  static Result share(String table, String figure, double hits, double trials) {
    return new Result(table, figure, hits / trials, Interval.wilson(hits, trials), new TreeMap<>());
  }

  /** A plain number. */
  static Result number(String table, String figure, double value) {
    return new Result(table, figure, value, new Interval(value, value), new TreeMap<>());
  }

  /** The figures of the fleet. */
  static List<Result> of(String table, List<Figure> figures) {
    return figures.stream()
        .map(one -> new Result(table, one.name(), one.value(), one.interval(), one.others()))
        .toList();
  }

  Result beside(String name, double value) {
    SortedMap<String, Double> more = new TreeMap<>(others);
    more.put(name, value);
    return new Result(table, figure, value(), interval, more);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", table);
    json.put("figure", figure);
    json.put("value", value);
    json.put("low", interval.low());
    json.put("high", interval.high());
    json.put("others", others);
    return json;
  }
}
