package firebreak.bench;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** DuckDB as a user would have it: one table, the appender, one transaction a batch. */
final class DuckDbPeer implements Peer {
  private static final int THREADS = 2;

  private final Connection connection;
  private final TreeMap<String, String> columns = new TreeMap<>();

  DuckDbPeer(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:" + file);
    execute("SET threads TO " + THREADS);
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public void load(List<Event> events) throws SQLException {
    if (columns.isEmpty()) {
      create(events.getFirst());
    }
    try (DuckDBAppender appender =
        connection.unwrap(DuckDBConnection.class).createAppender("main", "events")) {
      for (Event event : events) {
        appender.beginRow();
        appender.append(event.time().toEpochMilli());
        for (String column : columns.keySet()) {
          Value value = event.field(column);
          if (value != null && "DOUBLE".equals(columns.get(column))) {
            appender.append(value.asDouble());
          } else {
            append(appender, value);
          }
        }
        appender.endRow();
      }
    }
  }

  private void create(Event example) throws SQLException {
    example.fields().forEach((name, value) -> columns.put(name, type(name, value)));
    List<String> definitions = new ArrayList<>(List.of("time BIGINT"));
    columns.forEach((name, type) -> definitions.add(name + " " + type));
    execute("CREATE TABLE events (" + String.join(", ", definitions) + ")");
  }

  private static String type(String name, Value value) {
    if (name.equals("duration_ms")) {
      return "DOUBLE";
    }
    return switch (value) {
      case Value.Text _ -> "VARCHAR";
      case Value.Whole _ -> "BIGINT";
      case Value.Real _ -> "DOUBLE";
      case Value.Truth _ -> "BOOLEAN";
    };
  }

  private void append(DuckDBAppender appender, @Nullable Value value) throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case Value.Text text -> appender.append(text.text());
      case Value.Whole whole -> appender.append(whole.number());
      case Value.Real real -> appender.append(real.number());
      case Value.Truth truth -> appender.append(truth.truth());
    }
  }

  @Override
  public void loaded() throws SQLException {
    execute("CHECKPOINT");
  }

  @Override
  public Map<String, Question> questions() {
    Map<String, Question> questions = new LinkedHashMap<>();
    questions.put("bubbleup unfiltered", () -> bubbleUp(""));
    questions.put("bubbleup filtered", () -> bubbleUp(" WHERE text_3 = 'v0'"));
    questions.put(
        "heatmap",
        () ->
            rows(
                "SELECT time // 720000 AS t, floor(log2(greatest(duration_ms, 1e-3)) * 8) AS b,"
                    + " count(*) AS n FROM events GROUP BY t, b",
                "n"));
    questions.put(
        "group by 10k",
        () ->
            first(
                "SELECT count(*) AS n, avg(duration_ms), quantile_disc(duration_ms, 0.99)"
                    + " FROM events GROUP BY customer_id ORDER BY n DESC LIMIT 100"));
    questions.put(
        "count slow", () -> first("SELECT count(*) FROM events WHERE duration_ms >= 2000"));
    return questions;
  }

  /** One query a column, which is the fastest form known. */
  private double bubbleUp(String where) throws SQLException {
    double fresh = 0;
    for (String column : columns.keySet()) {
      String sql =
          "SELECT %s AS v, count(*) FILTER (duration_ms >= 2000) AS s, count(*) AS n FROM events%s GROUP BY v"
              .formatted(column, where);
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          if (column.equals("flag_fresh") && rows.getBoolean(1)) {
            fresh = rows.getDouble(2);
          }
        }
      }
    }
    return fresh;
  }

  private double rows(String sql, String sum) throws SQLException {
    double total = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        total += rows.getDouble(sum);
      }
    }
    return total;
  }

  private double first(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getDouble(1) : Double.NaN;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
