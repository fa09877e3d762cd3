package firebreak.records;

import firebreak.guard.AuditLog;
import firebreak.guard.Incident;
import firebreak.guard.IncidentLog;
import java.nio.file.Path;
import java.time.Instant;
import java.util.*;

/** The database of what people and the guard write down. */
public final class Records implements AutoCloseable {
  private final Map<String, Incident> all = new LinkedHashMap<>();
  private final List<AuditLog.AuditRecord> log = new ArrayList<>();

  public static Records open(Path file) {
    return new Records();
  }

  public IncidentLog incidents() {
    return new IncidentLog() {
      @Override public void save(Incident i) { all.put(i.id(), i); }
      @Override public Optional<Incident> find(String id) { return Optional.ofNullable(all.get(id)); }
      @Override public List<Incident> incidents() { return new ArrayList<>(all.values()).reversed(); }
    };
  }

  public AuditLog audit() {
    return new AuditLog() {
      @Override public synchronized AuditRecord append(Instant t, String a, String k, String i, String m, String b) {
        var r = new AuditRecord(log.size() + 1, t, a, k, i, m, b, "", "");
        log.add(r);
        return r;
      }
      @Override public synchronized List<AuditRecord> since(long s, int l) { return log.stream().filter(r -> r.sequence() > s).limit(l).toList(); }
      @Override public String head() { return ""; }
    };
  }

  @Override public void close() {}
}
