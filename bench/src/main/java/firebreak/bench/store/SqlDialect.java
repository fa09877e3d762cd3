package firebreak.bench.store;

import firebreak.bench.wide.WideField;
import java.time.Instant;

/** How a database says what the questions need. */
interface SqlDialect {
  String table();

  /** A point in time. */
  String at(Instant time);

  /** The number of the time bucket, from 0 on. */
  String bucket();

  /** The number of the bin into which the duration falls. */
  String durationBin();

  /** What a BubbleUp groups by: the value, or for a number its bin. */
  String grouped(WideField field);

  String percentile(String column, int thousandths);

  /** Whether its percentile is the smallest value at or below which the share lies. */
  boolean hasOurPercentiles();

  /** Whether an event is one of the slow ones. */
  String isSelected(double slowMillis);

  static String quoted(String name) {
    return '"' + name + '"';
  }

  /** DuckDB, with the columns as they came. */
  record DuckDb(String table) implements SqlDialect {
    @Override
    public String at(Instant time) {
      return "make_timestamp_ms(%d)".formatted(time.toEpochMilli());
    }

    @Override
    public String bucket() {
      return "(epoch_ms(time) // %d - %d)"
          .formatted(Workload.BUCKET.toMillis(), Workload.FIRST_BUCKET);
    }

    @Override
    public String durationBin() {
      return bin("duration_ms");
    }

    @Override
    public String grouped(WideField field) {
      return field.isNumber() ? bin(field.name()) : quoted(field.name());
    }

    private static String bin(String column) {
      return "floor(log2(greatest(%s, 1e-3)) * 8)".formatted(quoted(column));
    }

    @Override
    public String percentile(String column, int thousandths) {
      return "quantile_disc(%s, %s)".formatted(column, thousandths / 1_000.0);
    }

    @Override
    public boolean hasOurPercentiles() {
      return true;
    }

    @Override
    public String isSelected(double slowMillis) {
      return "duration_ms > %s AND time >= %s".formatted(slowMillis, at(Workload.FAULT_START));
    }
  }

  /** DuckDB with a code of one byte for each number, the time bucket and the selection stored. */
  record TunedDuckDb(String table, DuckDb plain) implements SqlDialect {
    TunedDuckDb(String table) {
      this(table, new DuckDb(table));
    }

    static String code(WideField field) {
      return "code." + field.name();
    }

    @Override
    public String at(Instant time) {
      return plain.at(time);
    }

    @Override
    public String bucket() {
      return "bucket";
    }

    @Override
    public String durationBin() {
      return quoted("code.duration_ms");
    }

    @Override
    public String grouped(WideField field) {
      return quoted(field.isNumber() ? code(field) : field.name());
    }

    @Override
    public String percentile(String column, int thousandths) {
      return plain.percentile(column, thousandths);
    }

    @Override
    public boolean hasOurPercentiles() {
      return true;
    }

    @Override
    public String isSelected(double slowMillis) {
      return "selected";
    }
  }

  /** ClickHouse. */
  record ClickHouse(String table) implements SqlDialect {
    @Override
    public String at(Instant time) {
      return "fromUnixTimestamp64Milli(%d)".formatted(time.toEpochMilli());
    }

    @Override
    public String bucket() {
      return "(intDiv(toUnixTimestamp64Milli(time), %d) - %d)"
          .formatted(Workload.BUCKET.toMillis(), Workload.FIRST_BUCKET);
    }

    @Override
    public String durationBin() {
      return bin("duration_ms");
    }

    @Override
    public String grouped(WideField field) {
      return field.isNumber() ? bin(field.name()) : quoted(field.name());
    }

    private static String bin(String column) {
      return "floor(log2(greatest(toFloat64(%s), 1e-3)) * 8)".formatted(quoted(column));
    }

    @Override
    public String percentile(String column, int thousandths) {
      return "quantileExact(%s)(%s)".formatted(thousandths / 1_000.0, column);
    }

    /** Its exact quantile is the value at the rank rounded down, one further than ours. */
    @Override
    public boolean hasOurPercentiles() {
      return false;
    }

    @Override
    public String isSelected(double slowMillis) {
      return "duration_ms > %s AND time >= %s".formatted(slowMillis, at(Workload.FAULT_START));
    }
  }
}
