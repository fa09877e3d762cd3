package firebreak.guard;

import java.time.Instant;
import java.util.List;

/** An audit log that writes to another. */
class ForwardingAudit implements AuditLog {
  final AuditLog to;

  ForwardingAudit(AuditLog to) {
    this.to = to;
  }

  @Override
  public AuditRecord append(
      Instant time, String actor, String kind, String incident, String mitigation, String body) {
    return to.append(time, actor, kind, incident, mitigation, body);
  }

  @Override
  public List<AuditRecord> since(long sequence, int limit) {
    return to.since(sequence, limit);
  }

  @Override
  public String head() {
    return to.head();
  }
}
