package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.Form;
import firebreak.bench.wide.WideEvents;
import firebreak.bench.wide.WideField;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB through JDBC, as a user has it: one table of the columns as they came, filled through the
 * appender.
 */
final class DuckDbPeer implements Peer {
  private static final String TABLE = "events";

  private final Path file;
  private final Connection connection;
  private final Workload workload;
  private final SqlQuestions questions;

  DuckDbPeer(Path file, Workload workload) throws SQLException {
    this.file = file;
    this.workload = workload;
    connection = DriverManager.getConnection("jdbc:duckdb:" + file);
    execute("SET threads TO " + THREADS);
    List<String> columns = new ArrayList<>(List.of("time TIMESTAMP_MS"));
    for (WideField field : workload.events().fields()) {
      columns.add(SqlDialect.quoted(field.name()) + " " + type(field.form()));
    }
    execute("CREATE TABLE %s (%s)".formatted(TABLE, String.join(", ", columns)));
    questions = new SqlQuestions(new SqlDialect.DuckDb(TABLE), workload, this::rows);
  }

  private static String type(Form form) {
    return switch (form) {
      case Form.Word _, Form.Numbered _, Form.Hex _, Form.Uuid _ -> "VARCHAR";
      case Form.Truth _ -> "BOOLEAN";
      case Form.Whole _ -> "BIGINT";
      case Form.Thousandths _ -> "DOUBLE";
    };
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public String about() {
    return "DuckDB " + version() + ", JDBC appender, columns as they came";
  }

  private String version() {
    try {
      return String.valueOf(rows("SELECT version()").getFirst()[0]);
    } catch (SQLException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  @Override
  public WideEvents events() {
    return workload.events();
  }

  @Override
  public long process() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void load(Batches events, IntConsumer progress) throws Exception {
    new Loading(events, progress)
        .run(
            () ->
                new DuckDbLane(
                    connection.unwrap(DuckDBConnection.class).duplicate(),
                    TABLE,
                    workload.events().fields()));
  }

  @Override
  public void settle() throws SQLException {
    execute("CHECKPOINT");
  }

  @Override
  public long bytesOnDisk() throws Exception {
    return Files.size(file);
  }

  @Override
  public @Nullable Answer ask(Question question, int round) throws Exception {
    return questions.ask(question, round);
  }

  List<@Nullable Object[]> rows(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<@Nullable Object[]> rows = new ArrayList<>();
      while (result.next()) {
        @Nullable Object[] row = new @Nullable Object[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = result.getObject(i + 1);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The same database with a second table, tuned by hand for these very questions. */
  Peer tuned() {
    return new TunedDuckDbPeer(this, workload, TABLE);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
