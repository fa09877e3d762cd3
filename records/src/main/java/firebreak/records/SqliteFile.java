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
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A SQLite file. A lock on a file beside it keeps other processes from writing; they may read. */
final class SqliteFile implements Engine {
  private final Path file;
  private final FileChannel lock;
  private final Reserve reserve;

  private SqliteFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
    this.reserve = new Reserve(file);
  }

  /**
   * Locks the file, which need not be there yet.
   *
   * @throws DatabaseLockedException if it is locked already
   */
  static SqliteFile lock(Path path) {
    Path file = path.toAbsolutePath().normalize();
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
        return new SqliteFile(file, channel);
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

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public Connection connect() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enableFullSync(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source.getConnection();
  }

  @Override
  public void settle() {
    forceFolder(file);
  }

  @Override
  public String begin() {
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String takeTurns() {
    return "SELECT 1"; // the lock on the file keeps everyone else out
  }

  @Override
  public String translate(String statement) {
    return statement;
  }

  /** One process at a time has the file open. */
  @Override
  public boolean takeTurn(Connection connection) {
    return true;
  }

  @Override
  public void endTurn(Connection connection) {}

  @Override
  public void keepRoom() {
    reserve.look();
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public void backup(Database database, Path newFile) {
    Path absolute = newFile.toAbsolutePath().normalize();
    database.write("VACUUM INTO ?", absolute.toString());
    try (FileChannel channel = FileChannel.open(absolute, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot force " + absolute + " to disk", e);
    }
    forceFolder(absolute);
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

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through it.
    }
  }

  @Override
  public void close() {
    closeQuietly(lock);
  }
}
