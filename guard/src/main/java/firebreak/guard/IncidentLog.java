package firebreak.guard;

import java.util.List;
import java.util.Optional;

/** Keeps incidents with their mitigations; what is saved is on disk when the call returns. */
public interface IncidentLog {
  void save(Incident incident);

  Optional<Incident> find(String id);

  /**
   * Whether other guards write to it too, one at a time; then each round begins with reading it.
   */
  default boolean isShared() {
    return false;
  }

  /** All of them, newest first. */
  List<Incident> incidents();
}
