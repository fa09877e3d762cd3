package firebreak.guard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Incidents in memory; it outlives a guard as a disk would. */
final class MemoryIncidentLog implements IncidentLog {
  private final Map<String, Incident> incidents = new LinkedHashMap<>();
  private final boolean shared;

  MemoryIncidentLog() {
    this(false);
  }

  MemoryIncidentLog(boolean shared) {
    this.shared = shared;
  }

  @Override
  public boolean isShared() {
    return shared;
  }

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
