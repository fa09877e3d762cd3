package firebreak.eventstore;

/**
 * What to compute for each group of events.
 *
 * <p>COUNT, SUM, AVG, the percentiles and HEATMAP weigh each event by its sample rate;
 * COUNT_DISTINCT, MIN and MAX do not. A percentile is the smallest value at or below which at least
 * its share of the weight lies. COUNT_DISTINCT counts values of every type and is 0 where there are
 * none; the others look at numbers only.
 *
 * <p>RATE_AVG, RATE_SUM and RATE_MAX of a time bucket are its AVG, SUM or MAX minus that of the
 * latest bucket before it, of the same group, that has one; they are absent where either is. Of a
 * whole row they are the sum of its buckets' rates, which is the last bucket's AVG, SUM or MAX
 * minus the first one's. They need a granularity.
 *
 * <p>CONCURRENCY is how many spans run on average: an event runs from its time on for as many
 * milliseconds as its {@link #DURATION} says, and counts by its weight for the share of the time
 * bucket, or for a row of the whole range, in which it runs. Of a bucket only the part within the
 * range is looked at. It is 0 where nothing runs, and of a span that begins before the range
 * nothing is seen.
 *
 * @param column the field to compute over; empty for COUNT and CONCURRENCY
 * @param filter which events of the group take part
 */
public record Calculation(Operation operation, String column, Filter filter) {

  /** The field that tells how long an event took, in milliseconds. */
  public static final String DURATION = "duration_ms";

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

    /** Whether it compares time buckets with those before them. */
    public boolean isRate() {
      return this == RATE_AVG || this == RATE_SUM || this == RATE_MAX;
    }

    /** What a rate is the rate of; the operation itself where it is none. */
    public Operation level() {
      return this == RATE_AVG ? AVG : this == RATE_SUM ? SUM : this == RATE_MAX ? MAX : this;
    }

    /** Whether it is of events as such, and not of a column. */
    public boolean hasNoColumn() {
      return this == COUNT || this == CONCURRENCY;
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
    if (column.isEmpty() != operation.hasNoColumn()) {
      throw new IllegalArgumentException(
          operation.hasNoColumn()
              ? operation + " takes no column, was " + column
              : operation + " needs a column");
    }
  }

  public static Calculation count() {
    return new Calculation(Operation.COUNT, "", Filter.ALL);
  }

  public static Calculation count(Filter filter) {
    return new Calculation(Operation.COUNT, "", filter);
  }

  public static Calculation concurrency() {
    return new Calculation(Operation.CONCURRENCY, "", Filter.ALL);
  }

  public static Calculation of(Operation operation, String column) {
    return new Calculation(operation, column, Filter.ALL);
  }

  Calculation canonical() {
    return new Calculation(operation, column, Filter.canonical(filter));
  }

  /** The name under which a result carries it: {@code COUNT} or {@code P99(duration_ms)}. */
  public String name() {
    return column.isEmpty() ? operation.name() : operation + "(" + column + ")";
  }
}
