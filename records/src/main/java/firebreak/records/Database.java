package firebreak.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The one connection to the SQLite file, used by one thread at a time.
 *
 * <p>A lock on a file beside it keeps other processes from writing; they may read.
 */
final class Database implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final FileChannel lock;

  private Database(Path file, Connection connection, FileChannel lock) {
    this.file = file;
    this.connection = connection;
    this.lock = lock;
  }

  /** Reads a row into a value. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static Database open(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    FileChannel lock = lock(absolute);
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.enableFullSync(true);
      SQLiteDataSource source = new SQLiteDataSource(config);
      source.setUrl("jdbc:sqlite:" + absolute);
      Database database = new Database(absolute, source.getConnection(), lock);
      try {
        Schema.bringUpToDate(database, absolute);
        forceFolder(absolute);
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
      return database;
    } catch (SQLException e) {
      closeQuietly(lock);
      throw trouble("open " + absolute, e);
    }
  }

  private static FileChannel lock(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel;
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + lockFile, e);
    }
    try {
      FileLock taken = channel.tryLock();
      if (taken != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      closeQuietly(channel);
      throw new DatabaseLockedException(file);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new UncheckedIOException("cannot lock " + lockFile, e);
    }
    closeQuietly(channel);
    throw new DatabaseLockedException(file);
  }

  /** Makes the names of new files durable, as the files' contents are. */
  private static void forceFolder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot force " + folder + " to disk", e);
    }
  }

  /** Runs one statement, which is a transaction of its own outside {@link #together}. */
  synchronized void write(String sql, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.execute();
    } catch (SQLException e) {
      throw trouble("write to " + file, e);
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
      throw trouble("read from " + file, e);
    }
  }

  <T> Optional<T> first(RowReader<T> reader, String sql, Object... parameters) {
    return read(reader, sql, parameters).stream().findFirst();
  }

  /** Runs all of it in one transaction, or, when it throws, nothing of it. */
  synchronized void together(Runnable work) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        work.run();
        statement.execute("COMMIT");
      } catch (RuntimeException | SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      throw trouble("write to " + file, e);
    }
  }

  /** Writes the whole database as it is now into a new file. */
  void backup(Path newFile) {
    if (Files.exists(newFile)) {
      throw new IllegalArgumentException(newFile + " is there already; a backup is a new file");
    }
    Path absolute = newFile.toAbsolutePath().normalize();
    write("VACUUM INTO ?", absolute.toString());
    try (FileChannel channel = FileChannel.open(absolute, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot force " + absolute + " to disk", e);
    }
    forceFolder(absolute);
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static UncheckedIOException trouble(String what, SQLException e) {
    return new UncheckedIOException(new IOException("cannot " + what + ": " + e.getMessage(), e));
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through it.
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw trouble("close " + file, e);
    } finally {
      closeQuietly(lock);
    }
  }
}
