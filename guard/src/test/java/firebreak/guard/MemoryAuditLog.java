package firebreak.guard;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An audit log in memory, chained like one on disk. */
final class MemoryAuditLog implements AuditLog {
  private final List<AuditRecord> records = new ArrayList<>();

  @Override
  public AuditRecord append(
      Instant time, String actor, String kind, String incident, String mitigation, String body) {
    long sequence = records.size() + 1L;
    String previous = head();
    String hash =
        Intent.hash(
            Long.toString(sequence),
            time.toString(),
            actor,
            kind,
            incident,
            mitigation,
            body,
            previous);
    AuditRecord next =
        new AuditRecord(sequence, time, actor, kind, incident, mitigation, body, hash, previous);
    records.add(next);
    return next;
  }

  @Override
  public List<AuditRecord> since(long sequence, int limit) {
    return records.stream().skip(sequence).limit(limit).toList();
  }

  @Override
  public String head() {
    return records.isEmpty() ? "0".repeat(64) : records.getLast().hash();
  }

  List<AuditRecord> records() {
    return records;
  }

  List<String> kinds() {
    return records.stream().map(AuditRecord::kind).toList();
  }

  boolean has(String kind, String mitigation) {
    return records.stream()
        .anyMatch(one -> one.kind().equals(kind) && one.mitigation().equals(mitigation));
  }
}
