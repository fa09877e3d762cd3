package firebreak.records;

import firebreak.guard.Incident;
import firebreak.guard.IncidentLog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Incidents, each in its latest state as JSON. */
final class IncidentTable implements IncidentLog {
  private final Database database;
  private final Outbox outbox;
  private volatile Announcing announcing =
      new Announcing((before, after) -> List.of(), InstantSource.fixed(Instant.EPOCH));

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
  public List<Incident> incidents() {
    return database.read(
        row -> IncidentJson.read(row.getString(1)),
        "SELECT body FROM incidents ORDER BY opened_second DESC, opened_nano DESC, id DESC");
  }
}
