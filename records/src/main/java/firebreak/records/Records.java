package firebreak.records;

import firebreak.guard.IncidentLog;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The database of what people and the guard write down: a SQLite file, or a PostgreSQL database.
 *
 * <p>Safe for use by many threads; a write has been forced to disk when its call returns. One
 * process at a time has a file open.
 */
public final class Records implements AutoCloseable {
  /** How the address of a PostgreSQL database begins. */
  public static final String POSTGRES = "jdbc:postgresql:";

  /** How the address of a SQLite file begins. */
  public static final String SQLITE = "jdbc:sqlite:";

  private final Database database;
  private final IncidentTable incidents;
  private final AuditChain audit;
  private final DerivedColumns derivedColumns;
  private final Outbox outbox;

  private Records(Database database) {
    this.database = database;
    this.outbox = new Outbox(database);
    this.incidents = new IncidentTable(database, outbox);
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

  /**
   * Opens a PostgreSQL database, and brings its tables up to date.
   *
   * @param url begins with {@link #POSTGRES}
   * @param user and {@code password}: empty where the address says them, or nothing does
   * @throws DatabaseTooNewException if a newer Firebreak wrote it
   */
  public static Records open(String url, String user, String password) {
    return new Records(Database.open(new PostgresServer(url, user, password)));
  }

  /**
   * Writes notices down together with each incident that changes, from now on.
   *
   * @param announcer what a change of an incident is worth telling, and to whom
   * @param clock when they are written down
   */
  public void announce(Announcer announcer, InstantSource clock) {
    incidents.announce(announcer, clock);
  }

  public Outbox outbox() {
    return outbox;
  }

  public Kept<SavedSlo> slos() {
    return new Kept<>(database, "slos", SavedSlo.class, SavedSlo::id);
  }

  public Kept<SavedBurnAlert> burnAlerts() {
    return new Kept<>(database, "burn_alerts", SavedBurnAlert.class, SavedBurnAlert::id);
  }

  public Kept<Recipient> recipients() {
    return new Kept<>(database, "recipients", Recipient.class, Recipient::id);
  }

  public Kept<SavedQuery> queries() {
    return new Kept<>(database, "queries", SavedQuery.class, SavedQuery::id);
  }

  public Kept<QueryAnnotation> queryAnnotations() {
    return new Kept<>(database, "query_annotations", QueryAnnotation.class, QueryAnnotation::id);
  }

  public Kept<Board> boards() {
    return new Kept<>(database, "boards", Board.class, Board::id);
  }

  public Kept<Correction> corrections() {
    return new Kept<>(database, "corrections", Correction.class, Correction::id);
  }

  public Kept<Reset> resets() {
    return new Kept<>(database, "resets", Reset.class, Reset::slo);
  }

  public Kept<Notebook> notebooks() {
    return new Kept<>(database, "notebooks", Notebook.class, Notebook::id);
  }

  public Kept<AskedQuery> askedQueries() {
    return new Kept<>(database, "asked_queries", AskedQuery.class, AskedQuery::id);
  }

  public Kept<SavedKey> keys() {
    return new Kept<>(database, "api_keys", SavedKey.class, SavedKey::id);
  }

  /** Runs several changes in one transaction, or, when one throws, none of them. */
  public void together(Runnable changes) {
    database.together(changes);
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

  /** Keeps some room on the disk for what comes; to be called every few seconds. */
  public void keepRoom() {
    database.keepRoom();
  }

  public DerivedColumns derivedColumns() {
    return derivedColumns;
  }

  @Override
  public void close() {
    database.close();
  }
}
