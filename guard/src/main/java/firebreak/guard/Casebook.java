package firebreak.guard;

import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The incidents there are, as the log on disk has them; memory follows the disk, never leads. */
final class Casebook {
  private static final int ID_LENGTH = 12;

  private final IncidentLog log;
  private final Map<String, Incident> byId = new LinkedHashMap<>();
  private final List<Consumer<Incident>> listeners = new CopyOnWriteArrayList<>();

  Casebook(IncidentLog log) {
    this.log = log;
    read();
  }

  private void read() {
    for (Incident incident : log.incidents().reversed()) {
      byId.put(incident.id(), incident);
    }
  }

  /**
   * The work's answer; while it works no other guard writes, and it knows what the others wrote.
   */
  <T> T inTurn(Supplier<T> work) {
    AtomicReference<@Nullable T> answer = new AtomicReference<>();
    log.inTurn(
        () -> {
          if (log.isShared()) {
            read();
          }
          answer.set(work.get());
        });
    return Objects.requireNonNull(answer.get());
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

  /** The alerts of incidents that are neither over nor closed. */
  List<BurnAlert> burning() {
    return byId.values().stream()
        .filter(one -> one.state() != Incident.State.CLOSED && one.alert().endedAt() == null)
        .map(Incident::alert)
        .toList();
  }

  Optional<Incident> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The name of an incident: the same when the same burn is found again in a fresh log. */
  static String id(BurnAlert alert) {
    return Intent.hash(alert.objective().id(), alert.beganAt().toString()).substring(0, ID_LENGTH);
  }

  /** The incident that the alert tells of; of several, one that is not closed, then the latest. */
  Optional<Incident> of(BurnAlert alert) {
    return byId.values().stream()
        .filter(one -> one.id().equals(id(alert)) || Burn.isSame(one.alert(), alert))
        .max(
            Comparator.comparing((Incident one) -> one.state() != Incident.State.CLOSED)
                .thenComparing(one -> one.alert().beganAt()));
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
