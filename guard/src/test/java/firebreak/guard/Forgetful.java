package firebreak.guard;

import java.time.Instant;

/** A wrong audit log: it answers before it has written intents, and never writes them. */
final class Forgetful extends ForwardingAudit {
  Forgetful(AuditLog to) {
    super(to);
  }

  @Override
  public AuditRecord append(
      Instant time, String actor, String kind, String incident, String mitigation, String body) {
    return kind.equals("intended")
        ? new AuditRecord(0, time, actor, kind, incident, mitigation, body, "", head())
        : super.append(time, actor, kind, incident, mitigation, body);
  }
}
