package firebreak.records;

import firebreak.guard.Incident;
import firebreak.guard.IncidentLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Incidents, each in its latest state as JSON. */
final class IncidentTable implements IncidentLog {
  private static final Duration WAITS_FOR_ITS_TURN = Duration.ofSeconds(5);
  private static final Duration ASKS_EVERY = Duration.ofMillis(50);

  private final Database database;
  private final Outbox outbox;
  private volatile Announcing announcing =
      new Announcing((before, after) -> List.of(), InstantSource.fixed(Instant.EPOCH));

  /** What was read last, and by which write it was made. */
  private final Map<String, Read> known = new HashMap<>();

  private record Read(String write, Incident incident) {}

  private record Announcing(Announcer announcer, InstantSource clock) {}

  IncidentTable(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  void announce(Announcer announcer, InstantSource clock) {
    announcing = new Announcing(announcer, clock);
  }

  @Override
  public void save(Incident incident) {
    database.together(
        () -> {
          Announcing now = announcing;
          outbox.add(
              now.announcer.notices(find(incident.id()).orElse(null), incident),
              now.clock.instant());
          write(incident);
        });
  }

  private void write(Incident incident) {
    Instant opened = incident.openedAt();
    database.write(
        """
        INSERT INTO incidents (id, opened_second, opened_nano, body) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
          opened_second = excluded.opened_second,
          opened_nano = excluded.opened_nano,
          body = excluded.body
        """,
        incident.id(),
        opened.getEpochSecond(),
        opened.getNano(),
        IncidentJson.write(incident));
  }

  @Override
  public Optional<Incident> find(String id) {
    return database.first(
        row -> IncidentJson.read(row.getString(1)), "SELECT body FROM incidents WHERE id = ?", id);
  }

  @Override
  public boolean isShared() {
    return database.isShared();
  }

  @Override
  public void inTurn(Runnable work) {
    if (!database.isShared()) {
      work.run();
      return;
    }
    takeTurn();
    try {
      work.run();
    } finally {
      database.endTurn();
    }
  }

  private void takeTurn() {
    for (long tries = WAITS_FOR_ITS_TURN.dividedBy(ASKS_EVERY); tries > 0; tries--) {
      if (database.takeTurn()) {
        return;
      }
      try {
        Thread.sleep(ASKS_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        tries = 0;
      }
    }
    throw new UncheckedIOException(
        new IOException("another Firebreak is at the incidents and does not end; try again"));
  }

  /** Shared ones are read every second, so only those that somebody wrote since. */
  @Override
  public List<Incident> incidents() {
    String newestFirst = " FROM incidents ORDER BY opened_second DESC, opened_nano DESC, id DESC";
    if (!database.isShared()) {
      return database.read(row -> IncidentJson.read(row.getString(1)), "SELECT body" + newestFirst);
    }
    List<String[]> rows =
        database.read(
            row -> new String[] {row.getString(1), row.getString(2)},
            "SELECT id, CAST(xmin AS TEXT)" + newestFirst);
    List<Incident> incidents = new ArrayList<>();
    synchronized (known) {
      for (String[] row : rows) {
        Read last = known.get(row[0]);
        if (last == null || !last.write.equals(row[1])) {
          last = new Read(row[1], find(row[0]).orElseThrow());
          known.put(row[0], last);
        }
        incidents.add(last.incident);
      }
    }
    return incidents;
  }
}
