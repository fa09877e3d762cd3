package firebreak.eventstore;

/**
 * What to compute for each group of events.
 *
 * <p>COUNT, SUM, AVG, the percentiles and HEATMAP weigh each event by its sample rate;
 * COUNT_DISTINCT, MIN and MAX do not. A percentile is the smallest value at or below which at least
 * its share of the weight lies. COUNT_DISTINCT counts values of every type and is 0 where there are
 * none; the others look at numbers only.
 *
 * @param column the field to compute over; empty for COUNT, which counts events
 * @param filter which events of the group take part
 */
public record Calculation(Operation operation, String column, Filter filter) {

  /** The name of a calculation; the percentiles carry theirs in thousandths. */
  public enum Operation {
    COUNT,
    SUM,
    AVG,
    COUNT_DISTINCT,
    MIN,
    MAX,
    P001(1),
    P01(10),
    P05(50),
    P10(100),
    P20(200),
    P25(250),
    P50(500),
    P75(750),
    P80(800),
    P90(900),
    P95(950),
    P99(990),
    P999(999),
    HEATMAP,
    CONCURRENCY,
    RATE_AVG,
    RATE_SUM,
    RATE_MAX;

    private final int thousandths;

    Operation() {
      this(-1);
    }

    Operation(int thousandths) {
      this.thousandths = thousandths;
    }

    public boolean isPercentile() {
      return thousandths >= 0;
    }

    /** The percentile in thousandths, which unlike its share is exact. */
    public int thousandths() {
      return thousandths;
    }

    /** The share of the weight at or below the percentile, 0 to 1. */
    public double share() {
      if (!isPercentile()) {
        throw new IllegalStateException(this + " is not a percentile");
      }
      return thousandths / 1000.0;
    }
  }

  public Calculation {
    if (column.isEmpty() != (operation == Operation.COUNT)) {
      throw new IllegalArgumentException(
          operation == Operation.COUNT
              ? "COUNT takes no column, was " + column
              : operation + " needs a column");
    }
  }

  public static Calculation count() {
    return new Calculation(Operation.COUNT, "", Filter.ALL);
  }

  public static Calculation count(Filter filter) {
    return new Calculation(Operation.COUNT, "", filter);
  }

  public static Calculation of(Operation operation, String column) {
    return new Calculation(operation, column, Filter.ALL);
  }

  /** The name under which a result carries it: {@code COUNT} or {@code P99(duration_ms)}. */
  public String name() {
    return column.isEmpty() ? operation.name() : operation + "(" + column + ")";
  }
}
