package firebreak.records;

import firebreak.guard.Incident;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a change of an incident is worth telling, and to whom; a pure function. */
@FunctionalInterface
public interface Announcer {

  /**
   * The notices of a change.
   *
   * @param before the incident as it was; null for a new one
   */
  List<Notice> notices(@Nullable Incident before, Incident after);
}
