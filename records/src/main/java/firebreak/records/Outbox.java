package firebreak.records;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is to be told to the outside. Notices are written down in one transaction with what they
 * tell of, and stay until they were delivered or given up; a crash in between has them delivered
 * again.
 */
public final class Outbox {
  /** Delivered and given up notices are forgotten beyond so many. */
  static final int DONE_KEPT = 10_000;

  private static final String WAITING = "waiting";
  private static final String DELIVERED = "delivered";
  private static final String GIVEN_UP = "given_up";

  private final Database database;

  Outbox(Database database) {
    this.database = database;
  }

  /** How it stands. */
  public record Standing(long waiting, long delivered, long givenUp, String lastTrouble) {}

  /** Writes notices down; ones that are there already, delivered or not, stay as they are. */
  public void add(Collection<Notice> notices, Instant now) {
    if (notices.isEmpty()) {
      return;
    }
    database.together(
        () -> {
          for (Notice notice : notices) {
            database.write(
                """
                INSERT INTO outbox
                  (id, destination, subject, body, sequence, created_milli, due_milli, attempts,
                   state, trouble)
                VALUES (?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM outbox),
                  ?, ?, 0, 'waiting', '')
                ON CONFLICT (id) DO NOTHING
                """,
                notice.id(),
                notice.destination(),
                notice.subject(),
                notice.body(),
                now.toEpochMilli(),
                now.toEpochMilli());
          }
        });
  }

  /** Runs something together with notices of it: both are on disk, or neither. */
  public void together(Runnable work, Collection<Notice> notices, Instant now) {
    database.together(
        () -> {
          work.run();
          add(notices, now);
        });
  }

  /** The destinations that something waits for. */
  public List<String> destinations() {
    return database.read(
        row -> row.getString(1),
        "SELECT DISTINCT destination FROM outbox WHERE state = 'waiting' ORDER BY destination");
  }

  /**
   * The notices that may go out to a destination now, oldest first: of each subject the oldest one
   * that waits, if it is due.
   */
  public List<Notice.Waiting> due(String destination, Instant now, int limit) {
    return database.read(
        Outbox::read,
        """
        SELECT id, destination, subject, body, sequence, attempts, created_milli FROM outbox AS one
        WHERE destination = ? AND state = 'waiting' AND due_milli <= ? AND NOT EXISTS (
          SELECT 1 FROM outbox AS earlier
          WHERE earlier.state = 'waiting' AND earlier.destination = one.destination
            AND earlier.subject = one.subject AND earlier.sequence < one.sequence)
        ORDER BY sequence LIMIT ?
        """,
        destination,
        now.toEpochMilli(),
        limit);
  }

  /** The notice of a subject that was written down last, whatever has become of it. */
  public Optional<Notice.Waiting> latest(String destination, String subject) {
    return database.first(
        Outbox::read,
        """
        SELECT id, destination, subject, body, sequence, attempts, created_milli FROM outbox
        WHERE destination = ? AND subject = ? ORDER BY sequence DESC LIMIT 1
        """,
        destination,
        subject);
  }

  private static Notice.Waiting read(ResultSet row) throws SQLException {
    return new Notice.Waiting(
        new Notice(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
        row.getLong(5),
        row.getInt(6),
        Instant.ofEpochMilli(row.getLong(7)));
  }

  public void delivered(String id) {
    done(id, DELIVERED, "");
  }

  public void givenUp(String id, String trouble) {
    done(id, GIVEN_UP, trouble);
  }

  private void done(String id, String state, String trouble) {
    database.together(
        () -> {
          database.write(
              "UPDATE outbox SET state = ?, trouble = ?, attempts = attempts + 1 WHERE id = ?",
              state,
              trouble,
              id);
          database.write(
              """
              DELETE FROM outbox WHERE state <> 'waiting' AND sequence <=
                (SELECT max(sequence) FROM outbox) - ?
              """,
              DONE_KEPT);
        });
  }

  /** It did not work; tries again from {@code due} on. */
  public void failed(String id, String trouble, Instant due) {
    database.write(
        "UPDATE outbox SET attempts = attempts + 1, due_milli = ?, trouble = ? WHERE id = ?",
        due.toEpochMilli(),
        trouble,
        id);
  }

  /** How many wait, were delivered, were given up, and what the latest trouble was. */
  public Standing standing() {
    return new Standing(
        count(WAITING),
        count(DELIVERED),
        count(GIVEN_UP),
        database
            .first(
                row -> row.getString(1),
                "SELECT trouble FROM outbox WHERE trouble <> '' ORDER BY sequence DESC LIMIT 1")
            .orElse(""));
  }

  private long count(String state) {
    return database
        .first(row -> row.getLong(1), "SELECT count(*) FROM outbox WHERE state = ?", state)
        .orElse(0L);
  }
}
