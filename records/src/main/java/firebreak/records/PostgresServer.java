package firebreak.records;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database. Several processes may use one at a time: what must not interleave takes
 * turns.
 */
final class PostgresServer implements Engine {
  /** Names this project's turns among all that the server knows. */
  private static final long TURNS = 0x6669726562726561L;

  /** Names the turn to write incidents, among this project's. */
  private static final int INCIDENTS = 0x66627264;

  /** The connection of one that has its turn and does nothing for so long is taken for dead. */
  static final int DEAD_AFTER_SECONDS = 30;

  private static final String TAKE = "SELECT pg_try_advisory_lock(%1$d, %1$d)".formatted(INCIDENTS);
  private static final String END = "SELECT pg_advisory_unlock(%1$d, %1$d)".formatted(INCIDENTS);
  private static final String END_OF_THE_DEAD =
      """
      SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = %1$d AND l.objid = %1$d
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND a.state LIKE 'idle%%' AND a.state_change < clock_timestamp() - make_interval(secs => ?)"""
          .formatted(INCIDENTS);

  private static final int CONNECT_SECONDS = 10;
  private static final int ANSWER_SECONDS = 30;
  private static final int ROWS_AT_A_TIME = 500;

  private final String url;
  private final PGSimpleDataSource source = new PGSimpleDataSource();
  private final int deadAfterSeconds;

  /**
   * A server that is asked for nothing yet.
   *
   * @param user and {@code password}: empty where the address or the environment says them
   */
  PostgresServer(String url, String user, String password) {
    this(url, user, password, DEAD_AFTER_SECONDS);
  }

  PostgresServer(String url, String user, String password, int deadAfterSeconds) {
    this.url = url;
    this.deadAfterSeconds = deadAfterSeconds;
    try {
      source.setUrl(url);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(place() + " is no address of a PostgreSQL database", e);
    }
    if (!user.isEmpty()) {
      source.setUser(user);
    }
    if (!password.isEmpty()) {
      source.setPassword(password);
    }
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("firebreak");
  }

  /** Without what comes behind the database's name, which may hold a password. */
  @Override
  public String place() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET synchronous_commit = on");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void settle() {}

  @Override
  public String begin() {
    return "BEGIN";
  }

  @Override
  public String takeTurns() {
    return "SELECT pg_advisory_xact_lock(" + TURNS + ")";
  }

  /**
   * A lock of the session, so what ends the session ends the turn. The session of one that is dead
   * and has not been missed yet, or that has been stopped, is ended here: it can write no more
   * under its turn.
   */
  @Override
  public boolean takeTurn(Connection connection) throws SQLException {
    if (isTrue(connection, TAKE)) {
      return true;
    }
    try (PreparedStatement end = connection.prepareStatement(END_OF_THE_DEAD)) {
      end.setInt(1, deadAfterSeconds);
      end.execute();
    }
    return false;
  }

  @Override
  public void endTurn(Connection connection) throws SQLException {
    isTrue(connection, END);
  }

  private static boolean isTrue(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  /** Whole numbers are long, texts compare byte by byte, and no table is said to be strict. */
  @Override
  public String translate(String statement) {
    return statement
        .replaceAll("\\bINTEGER\\b", "BIGINT")
        .replaceAll("\\bTEXT\\b", "TEXT COLLATE \"C\"")
        .replaceAll("\\)\\s*STRICT\\s*$", ")");
  }

  @Override
  public void keepRoom() {}

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public void backup(Database database, Path newFile) {
    try (Connection from = connect();
        Database into = Database.open(newFile)) {
      from.setAutoCommit(false); // one snapshot, read row by row
      from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      from.setReadOnly(true);
      into.together(() -> Schema.TABLES.forEach(table -> copy(from, table, into)));
    } catch (SQLException e) {
      throw Database.trouble("copy " + place(), e);
    }
  }

  private void copy(Connection from, String table, Database into) {
    try (PreparedStatement statement = from.prepareStatement("SELECT * FROM " + table)) {
      statement.setFetchSize(ROWS_AT_A_TIME);
      try (ResultSet rows = statement.executeQuery()) {
        int count = rows.getMetaData().getColumnCount();
        String columns =
            IntStream.rangeClosed(1, count)
                .mapToObj(i -> column(rows, i))
                .collect(Collectors.joining(", "));
        String insert =
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(table, columns, String.join(", ", Collections.nCopies(count, "?")));
        Object[] row = new Object[count];
        while (rows.next()) {
          for (int i = 0; i < count; i++) {
            row[i] = rows.getObject(i + 1);
          }
          into.write(insert, row);
        }
      }
    } catch (SQLException e) {
      throw Database.trouble("copy " + table + " of " + place(), e);
    }
  }

  private static String column(ResultSet rows, int index) {
    try {
      return rows.getMetaData().getColumnName(index);
    } catch (SQLException e) {
      throw Database.trouble("read", e);
    }
  }

  @Override
  public void close() {}
}
