package firebreak.records;

import firebreak.guard.IncidentLog;
import java.nio.file.Path;

/**
 * The database of what people and the guard write down, in one SQLite file.
 *
 * <p>Safe for use by many threads; a write has been forced to disk when its call returns. One
 * process at a time has a file open.
 */
public final class Records implements AutoCloseable {
  private final Database database;
  private final IncidentLog incidents;
  private final AuditChain audit;
  private final DerivedColumns derivedColumns;

  private Records(Database database) {
    this.database = database;
    this.incidents = new IncidentTable(database);
    this.audit = new AuditChain(database);
    this.derivedColumns = new DerivedColumns(database);
  }

  /**
   * Opens the file, or makes it, and brings its tables up to date.
   *
   * @throws DatabaseLockedException if it is open already, here or in another process
   * @throws DatabaseTooNewException if a newer Firebreak wrote it
   */
  public static Records open(Path databaseFile) {
    return new Records(Database.open(databaseFile));
  }

  public IncidentLog incidents() {
    return incidents;
  }

  public AuditChain audit() {
    return audit;
  }

  /**
   * Writes all that is recorded so far into a new file, while the records go on; it has been forced
   * to disk when the call returns.
   */
  public void backup(Path newFile) {
    database.backup(newFile);
  }

  public DerivedColumns derivedColumns() {
    return derivedColumns;
  }

  @Override
  public void close() {
    database.close();
  }
}
