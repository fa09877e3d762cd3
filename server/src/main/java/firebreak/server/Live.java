package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.guard.AuditLog;
import firebreak.guard.Incident;

/** Tells the live stream what is new: incidents and changes at once, the rest once a round. */
final class Live {
  private static final int AUDIT_RECORDS = 100;

  private final StreamRoutes stream;
  private final AuditLog audit;
  private final ExploreRoutes exploring;
  private final GuardRoutes guarding;
  private long audited = -1;
  private String guardTold = "";

  Live(StreamRoutes stream, AuditLog audit, ExploreRoutes exploring, GuardRoutes guarding) {
    this.stream = stream;
    this.audit = audit;
    this.exploring = exploring;
    this.guarding = guarding;
  }

  void incident(Incident incident) {
    if (stream.hasClients()) {
      stream.publish("incident", guarding.view(incident));
    }
  }

  void change(Change change) {
    if (stream.hasClients()) {
      stream.publish("change", ChangeView.view(change));
    }
  }

  /** After a round of the patrol: budgets, new audit records, the guard when it has changed. */
  void tick() {
    if (!stream.hasClients()) {
      audited = -1;
      return;
    }
    stream.publish("slos", exploring.slos());
    if (audited < 0) {
      audited = newestAudited();
    }
    for (AuditLog.AuditRecord record : audit.since(audited, AUDIT_RECORDS)) {
      stream.publish("audit", GuardRoutes.record(record));
      audited = record.sequence();
    }
    String view = guarding.guardView().toString();
    if (!view.equals(guardTold)) {
      guardTold = view;
      stream.publish("guard", guarding.guardView());
    }
  }

  /** A client that connects fetches the past itself; only what comes from now on is told. */
  private long newestAudited() {
    long newest = 0;
    while (true) {
      var records = audit.since(newest, AUDIT_RECORDS);
      if (records.isEmpty()) {
        return newest;
      }
      newest = records.getLast().sequence();
    }
  }
}
