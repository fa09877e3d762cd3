package firebreak.guard;

import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The incidents there are, as the log on disk has them; memory follows the disk, never leads. */
final class Casebook {
  private static final int ID_LENGTH = 12;

  private final IncidentLog log;
  private final Map<String, Incident> byId = new LinkedHashMap<>();
  private final List<Consumer<Incident>> listeners = new CopyOnWriteArrayList<>();

  Casebook(IncidentLog log) {
    this.log = log;
    for (Incident incident : log.incidents().reversed()) {
      byId.put(incident.id(), incident);
    }
  }

  void onChange(Consumer<Incident> listener) {
    listeners.add(listener);
  }

  /** Keeps the incident; does nothing when nothing about it is new. */
  Incident save(Incident incident) {
    if (!incident.equals(byId.get(incident.id()))) {
      log.save(incident);
      byId.put(incident.id(), incident);
      listeners.forEach(listener -> listener.accept(incident));
    }
    return incident;
  }

  List<Incident> incidents() {
    return List.copyOf(byId.values());
  }

  Optional<Incident> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The name of an incident: the same when the same burn is found again in a fresh log. */
  static String id(BurnAlert alert) {
    return Intent.hash(
            alert.objective().id(), alert.beganAt().toString(), Boolean.toString(alert.urgent()))
        .substring(0, ID_LENGTH);
  }

  /**
   * The incident that the alert tells of: late events move the onset a little, so what counts is
   * that both burned at the same time; of several, one not closed, then the latest.
   */
  Optional<Incident> of(BurnAlert alert) {
    return byId.values().stream()
        .filter(incident -> isSame(incident, alert))
        .max(
            Comparator.comparing((Incident one) -> one.state() != Incident.State.CLOSED)
                .thenComparing(one -> one.alert().beganAt()));
  }

  private static boolean isSame(Incident incident, BurnAlert alert) {
    BurnAlert known = incident.alert();
    return known.objective().id().equals(alert.objective().id())
        && known.urgent() == alert.urgent()
        && (incident.id().equals(id(alert))
            || (end(known).isAfter(alert.beganAt()) && end(alert).isAfter(known.beganAt())));
  }

  private static Instant end(BurnAlert alert) {
    Instant end = alert.endedAt();
    return end == null ? Instant.MAX : end;
  }

  /** How often the guard turned flags, and what is under way, seen from one incident. */
  Situation.Toggles toggles(Incident incident, String flag, Instant now) {
    Mitigation own = incident.mitigation();
    Instant hourAgo = now.minusSeconds(3_600);
    Instant dayAgo = now.minusSeconds(86_400);
    int lastHour = 0;
    int lastDay = 0;
    int ofFlag = 0;
    int inFlight = 0;
    for (Incident other : byId.values()) {
      for (Mitigation mitigation : other.mitigations()) {
        if (mitigation.equals(own)) {
          continue;
        }
        boolean counts = mitigation.isByGuard() && mitigation.isSentAfter(dayAgo);
        lastHour += counts && mitigation.isSentAfter(hourAgo) ? 1 : 0;
        lastDay += counts ? 1 : 0;
        ofFlag += counts && mitigation.withdrawal().flag().equals(flag) ? 1 : 0;
        inFlight += mitigation.isInFlight() ? 1 : 0;
      }
    }
    return new Situation.Toggles(lastHour, lastDay, ofFlag, inFlight);
  }
}
