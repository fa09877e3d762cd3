package firebreak.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one connection to the database, used by one thread at a time. */
final class Database implements AutoCloseable {
  private final Engine engine;
  private @Nullable Connection connection;
  private boolean isTogether;
  private @Nullable Thread turnOf;
  private @Nullable Connection turnOn;

  private Database(Engine engine) {
    this.engine = engine;
  }

  /** Reads a row into a value. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Opens a SQLite file. */
  static Database open(Path file) {
    return open(SqliteFile.lock(file));
  }

  static Database open(Engine engine) {
    Database database = new Database(engine);
    try {
      Schema.bringUpToDate(database, engine);
      engine.settle();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** The connection; a new one where it was lost and nothing is half done on it. */
  private Connection connection() throws SQLException {
    Connection present = connection;
    if (Thread.currentThread().equals(turnOf)
        && (present == null || !present.equals(turnOn) || present.isClosed())) {
      throw new SQLException("the turn to write incidents is lost with its connection");
    }
    if (present != null && (isTogether || !engine.isRemote() || !present.isClosed())) {
      return present;
    }
    Connection fresh = engine.connect();
    connection = fresh;
    return fresh;
  }

  synchronized void keepRoom() {
    engine.keepRoom();
  }

  /** Runs one statement, which is a transaction of its own outside {@link #together}. */
  synchronized void write(String sql, Object... parameters) {
    if (!isTogether) {
      engine.keepRoom();
    }
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.execute();
    } catch (SQLException e) {
      throw trouble("write to " + engine.place(), e);
    }
  }

  synchronized <T> List<T> read(RowReader<T> reader, String sql, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> values = new ArrayList<>();
      while (rows.next()) {
        values.add(reader.read(rows));
      }
      return values;
    } catch (SQLException e) {
      throw trouble("read from " + engine.place(), e);
    }
  }

  <T> Optional<T> first(RowReader<T> reader, String sql, Object... parameters) {
    return read(reader, sql, parameters).stream().findFirst();
  }

  /**
   * Runs all of it in one transaction, or, when it throws, nothing of it; inside another, with it.
   */
  synchronized void together(Runnable work) {
    if (isTogether) {
      work.run();
      return;
    }
    engine.keepRoom();
    try (Statement statement = connection().createStatement()) {
      statement.execute(engine.begin());
      isTogether = true;
      try {
        work.run();
        statement.execute("COMMIT");
      } catch (RuntimeException | SQLException e) {
        rollBack(statement, e);
        throw e;
      } finally {
        isTogether = false;
      }
    } catch (SQLException e) {
      throw trouble("write to " + engine.place(), e);
    }
  }

  private static void rollBack(Statement statement, Exception why) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      why.addSuppressed(e); // the connection is lost, and the transaction with it
    }
  }

  /** The same, while no other process does the same. */
  void inTurn(Runnable work) {
    together(
        () -> {
          read(row -> 1, engine.takeTurns());
          work.run();
        });
  }

  /** Whether other processes may use it too. */
  boolean isShared() {
    return engine.isRemote();
  }

  /**
   * Takes the one turn there is among all processes: whether it was free. What this thread does
   * until {@link #endTurn} it does under its turn, or fails.
   */
  synchronized boolean takeTurn() {
    try {
      Connection on = connection();
      boolean isFree = engine.takeTurn(on);
      turnOf = isFree ? Thread.currentThread() : turnOf;
      turnOn = isFree ? on : turnOn;
      return isFree;
    } catch (SQLException e) {
      throw trouble("take a turn on " + engine.place(), e);
    }
  }

  synchronized void endTurn() {
    Connection on = turnOn;
    turnOf = null;
    turnOn = null;
    try {
      if (on != null && !on.isClosed()) {
        engine.endTurn(on);
      }
    } catch (SQLException e) {
      throw trouble("end a turn on " + engine.place(), e);
    }
  }

  /** Writes the whole database as it is now into a new file. */
  void backup(Path newFile) {
    if (Files.exists(newFile)) {
      throw new IllegalArgumentException(newFile + " is there already; a backup is a new file");
    }
    engine.backup(this, newFile);
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection().prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  static UncheckedIOException trouble(String what, SQLException e) {
    return new UncheckedIOException(new IOException("cannot " + what + ": " + e.getMessage(), e));
  }

  @Override
  public synchronized void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw trouble("close " + engine.place(), e);
    } finally {
      engine.close();
    }
  }
}
