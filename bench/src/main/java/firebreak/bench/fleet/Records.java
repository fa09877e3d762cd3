package firebreak.bench.fleet;

import firebreak.guard.AuditLog;
import firebreak.guard.Incident;
import firebreak.guard.IncidentLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a guard writes down, kept in memory as long as it patrols. */
public final class Records {
  private static final String UNCHAINED = "0".repeat(64);

  private Records() {}

  /** Incidents, newest first. */
  public static final class Incidents implements IncidentLog {
    private final Map<String, Incident> incidents = new LinkedHashMap<>();

    @Override
    public void save(Incident incident) {
      incidents.put(incident.id(), incident);
    }

    @Override
    public Optional<Incident> find(String id) {
      return Optional.ofNullable(incidents.get(id));
    }

    @Override
    public List<Incident> incidents() {
      return List.copyOf(incidents.values()).reversed();
    }
  }

  /** What was done, without the chain of hashes, which nobody verifies here. */
  public static final class Audit implements AuditLog {
    private final List<AuditRecord> records = new ArrayList<>();

    @Override
    public AuditRecord append(
        Instant time, String actor, String kind, String incident, String mitigation, String body) {
      AuditRecord next =
          new AuditRecord(
              records.size() + 1L,
              time,
              actor,
              kind,
              incident,
              mitigation,
              body,
              UNCHAINED,
              UNCHAINED);
      records.add(next);
      return next;
    }

    @Override
    public List<AuditRecord> since(long sequence, int limit) {
      return records.stream().skip(sequence).limit(limit).toList();
    }

    @Override
    public String head() {
      return UNCHAINED;
    }
  }
}
