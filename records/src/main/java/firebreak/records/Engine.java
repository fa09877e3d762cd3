package firebreak.records;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** What differs between the databases that records can lie in. */
sealed interface Engine extends AutoCloseable permits SqliteFile, PostgresServer {

  /** Where the records are, as a message may say it. */
  String place();

  /** A new connection, on which what is committed has been forced to disk. */
  Connection connect() throws SQLException;

  /** Makes the names of new files durable, once the tables are there. */
  void settle();

  /** Begins a transaction that may write. */
  String begin();

  /** A statement, run in a transaction, after which no other process appends to the audit chain. */
  String takeTurns();

  /**
   * Takes the one turn to write incidents, for as long as the connection lasts: whether it was
   * free.
   */
  boolean takeTurn(Connection connection) throws SQLException;

  /** Gives the turn back. */
  void endTurn(Connection connection) throws SQLException;

  /** A statement of {@link Schema} in the words of this database. */
  String translate(String statement);

  /** Sees to it that there is room for what is written next, where that is ours to see to. */
  void keepRoom();

  /** Whether a connection that broke may be opened again. */
  boolean isRemote();

  /** Writes the whole database as it is now into a new SQLite file. */
  void backup(Database database, Path newFile);

  @Override
  void close();
}
