package firebreak.bench.store;

import firebreak.bench.wide.Form;
import firebreak.bench.wide.WideField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The questions in SQL, each in the fastest form known. */
final class SqlQuestions {
  private static final int TOP_VALUES = 40;

  private final SqlDialect dialect;
  private final Workload workload;
  private final Database database;

  /** Runs a query and hands over all rows. */
  @FunctionalInterface
  interface Database {
    List<@Nullable Object[]> rows(String sql) throws Exception;
  }

  SqlQuestions(SqlDialect dialect, Workload workload, Database database) {
    this.dialect = dialect;
    this.workload = workload;
    this.database = database;
  }

  @Nullable Answer ask(Question question, int round) throws Exception {
    String selected = dialect.isSelected(workload.slowMillis(round));
    return switch (question) {
      case SELECT -> new Answer().exact("count", count(selected));
      case BUBBLEUP -> bubbleUp(selected, "TRUE", workload.events().fields());
      case BUBBLEUP_WITHOUT_IDS -> bubbleUp(selected, "TRUE", withoutIds());
      case BUBBLEUP_FILTERED ->
          bubbleUp(
              selected,
              "\"service.name\" = '" + Workload.SERVICE + "'",
              workload.events().fields());
      case HEATMAP -> heatmap();
      case GROUP_10K -> groups("customer_id");
      case GROUP_465K -> groups("user_id");
      case GROUP_1250K -> groups("trace.trace_id");
      case SERIES -> series();
      case FILTERED_COUNT -> new Answer().exact("count", count(conditions()));
      case HAVING -> having();
      case PATTERNS -> patterns(selected);
      case EXPLAIN -> null;
      case NEEDLE -> needle(workload.traceId(round));
    };
  }

  private double count(String condition) throws Exception {
    return number(
        database.rows("SELECT count(*) FROM %s WHERE %s".formatted(dialect.table(), condition))
            .getFirst()[0]);
  }

  private static String conditions() {
    return "name LIKE '%s%%' AND \"status_code\" >= %d AND duration_ms < %s AND \"region\" <> '%s'"
        .formatted(
            Workload.NAME_PREFIX, Workload.FAILED_STATUS, Workload.QUICK_MS, Workload.OTHER_REGION);
  }

  /** One query a column; all in one, and a join with the selection, are slower. */
  private Answer bubbleUp(String selected, String within, List<WideField> fields) throws Exception {
    double all = count(within);
    double slow = count("%s AND (%s)".formatted(within, selected));
    Answer answer = new Answer().exact("selected", slow).exact("baseline", all - slow);
    for (WideField field : fields) {
      List<@Nullable Object[]> rows =
          database.rows(
              """
              SELECT v, s, n FROM (
                SELECT %s AS v, count(*) FILTER (WHERE %s) AS s, count(*) AS n
                FROM %s WHERE %s GROUP BY v) AS counted
              ORDER BY s / %s - (n - s) / %s DESC LIMIT %d"""
                  .formatted(
                      dialect.grouped(field),
                      selected,
                      dialect.table(),
                      within,
                      slow,
                      all - slow,
                      TOP_VALUES));
      if (hasFewValues(field)) {
        @Nullable Object[] top = rows.getFirst();
        double chosen = number(top[1]);
        double difference = chosen / slow - (number(top[2]) - chosen) / (all - slow);
        answer.near("difference " + field.name(), difference);
      }
    }
    return answer;
  }

  private List<WideField> withoutIds() {
    return workload.events().fields().stream()
        .filter(field -> !field.name().startsWith("trace."))
        .toList();
  }

  /** Whether a BubbleUp lists all that may stand out of a field. */
  static boolean hasFewValues(WideField field) {
    return field.form() instanceof Form.Word
        || field.form() instanceof Form.Truth
        || field.name().equals("customer_id")
        || field.name().equals("dataset_id");
  }

  private Answer heatmap() throws Exception {
    double[] buckets = new double[Workload.BUCKETS];
    for (@Nullable Object[] row :
        database.rows(
            "SELECT %s AS t, %s AS b, count(*) AS n FROM %s GROUP BY t, b"
                .formatted(dialect.bucket(), dialect.durationBin(), dialect.table()))) {
      buckets[(int) number(row[0])] += number(row[2]);
    }
    return heatmap(buckets);
  }

  static Answer heatmap(double[] buckets) {
    Answer answer = new Answer();
    for (int i = 0; i < buckets.length; i++) {
      answer.exact("bucket " + i, buckets[i]);
    }
    return answer;
  }

  private Answer groups(String column) throws Exception {
    Answer answer = new Answer();
    int rank = 0;
    for (@Nullable Object[] row :
        database.rows(
            """
            SELECT %s AS k, count(*) AS n, avg(duration_ms) AS a, %s AS p FROM %s
            GROUP BY k ORDER BY n DESC, k LIMIT %d"""
                .formatted(
                    SqlDialect.quoted(column),
                    dialect.percentile("duration_ms", 990),
                    dialect.table(),
                    Workload.TOP_GROUPS))) {
      group(answer, rank++, String.valueOf(row[0]), number(row[1]), number(row[2]));
      if (dialect.hasOurPercentiles()) {
        answer.exact("p99 " + (rank - 1), number(row[3]));
      }
    }
    return answer;
  }

  static void group(Answer answer, int rank, String key, double count, double average) {
    answer.exact("key " + rank, key).exact("count " + rank, count).near("avg " + rank, average);
  }

  private Answer series() throws Exception {
    double count = 0;
    double percentiles = 0;
    for (@Nullable Object[] row :
        database.rows(
            """
            SELECT "service.name" AS k, %s AS t, count(*) AS n, %s AS p FROM %s
            WHERE "service.name" IN (
              SELECT "service.name" FROM %s
              GROUP BY "service.name" ORDER BY count(*) DESC, "service.name" LIMIT %d)
            GROUP BY k, t ORDER BY k, t"""
                .formatted(
                    dialect.bucket(),
                    dialect.percentile("duration_ms", 990),
                    dialect.table(),
                    dialect.table(),
                    Workload.TOP_SERVICES))) {
      count += number(row[2]);
      percentiles += number(row[3]);
    }
    Answer answer = new Answer().exact("count", count);
    return dialect.hasOurPercentiles() ? answer.near("sum of p99", percentiles) : answer;
  }

  private Answer having() throws Exception {
    Answer answer = new Answer();
    List<@Nullable Object[]> rows =
        database.rows(
            """
            SELECT name, count(*) AS n, %s AS p FROM %s
            GROUP BY name HAVING n > %d ORDER BY p DESC, name LIMIT %d"""
                .formatted(
                    dialect.percentile("duration_ms", 950),
                    dialect.table(),
                    workload.havingCount(),
                    Workload.TOP_NAMES));
    answer.exact("rows", rows.size());
    for (int i = 0; i < rows.size() && dialect.hasOurPercentiles(); i++) {
      @Nullable Object[] row = rows.get(i);
      answer.exact("name " + i, String.valueOf(row[0])).exact("count " + i, number(row[1]));
      answer.exact("p95 " + i, number(row[2]));
    }
    return answer;
  }

  private Answer patterns(String selected) throws Exception {
    StringBuilder mask = new StringBuilder("0");
    for (int i = 0; i < Workload.TERMS.size(); i++) {
      Workload.Term term = Workload.TERMS.get(i);
      String value = term.value() instanceof String text ? "'" + text + "'" : "" + term.value();
      mask.append(
          " + CASE WHEN %s = %s THEN %d ELSE 0 END"
              .formatted(SqlDialect.quoted(term.field()), value, 1 << i));
    }
    Answer answer = new Answer();
    for (@Nullable Object[] row :
        database.rows(
            """
            SELECT %s AS mask, count(*) FILTER (WHERE %s) AS s, count(*) AS n
            FROM %s GROUP BY mask"""
                .formatted(mask, selected, dialect.table()))) {
      double chosen = number(row[1]);
      pattern(answer, (long) number(row[0]), chosen, number(row[2]) - chosen);
    }
    return answer;
  }

  static void pattern(Answer answer, long mask, Number selected, Number baseline) {
    answer.exact("selected " + mask, selected).exact("baseline " + mask, baseline);
  }

  private Answer needle(String traceId) throws Exception {
    int spans =
        database
            .rows(
                "SELECT * FROM %s WHERE \"trace.trace_id\" = '%s' ORDER BY time"
                    .formatted(dialect.table(), traceId))
            .size();
    return new Answer().exact("spans", spans);
  }

  private static double number(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text -> Double.parseDouble(text);
      case null, default -> Double.NaN;
    };
  }
}
