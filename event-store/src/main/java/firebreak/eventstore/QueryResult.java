package firebreak.eventstore;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Query}.
 *
 * @param rows one per group, sorted, after HAVING, at most the query's limit
 * @param total over all groups, whatever HAVING and limit say; without cells if not asked for
 * @param other over the groups that limit (not HAVING) cut off; without cells if not asked for
 * @param rowsExamined how many stored events lie in the datasets and the time ranges looked at
 */
public record QueryResult(List<Row> rows, Row total, Row other, long rowsExamined) {
  public QueryResult {
    rows = List.copyOf(rows);
  }

  /**
   * One group.
   *
   * @param group the values of the breakdowns, null where the field is absent
   * @param cells one per calculation
   * @param series the same cells per time bucket, oldest first, leaving out buckets in which the
   *     group has no event and, where CONCURRENCY is asked for, nothing runs; empty without a
   *     granularity
   * @param compared one per calculation over the earlier range; empty without a comparison. Groups
   *     that only the earlier range has are no rows, though the total's comparison counts them
   */
  public record Row(
      List<@Nullable Value> group, List<Cell> cells, List<Point> series, List<Cell> compared) {

    /** A calculation's value minus that of the comparison; NaN without either. */
    public double difference(int calculation) {
      return cells.get(calculation).number() - compared.get(calculation).number();
    }
  }

  /** One time bucket of a series, by its start, buckets aligned to multiples of the width. */
  public record Point(Instant time, List<Cell> cells) {}

  /** The result of one calculation over one group. */
  public sealed interface Cell {
    /** A number. */
    record Figure(double value) implements Cell {}

    /** Nothing to compute from: no event of the group has the column. */
    record Absent() implements Cell {}

    /**
     * How the column's values spread over log-linear bins, eight an octave, the same bins in every
     * query, lowest first, empty ones left out.
     */
    record Heatmap(List<Bin> bins) implements Cell {}

    /** The number, or NaN where there is none. */
    default double number() {
      return this instanceof Figure figure ? figure.value() : Double.NaN;
    }
  }

  /** A bucket [low, high) of a heatmap and the weight of the events in it. */
  public record Bin(double low, double high, double weight) {}
}
