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

  /**
   * Does the work while no other guard does such work on the same log. What is saved in the work is
   * saved as long as the turn lasts: once it is lost, saving fails.
   *
   * @throws java.io.UncheckedIOException if another keeps its turn for long
   */
  default void inTurn(Runnable work) {
    work.run();
  }

  /** All of them, newest first. */
  List<Incident> incidents();
}
