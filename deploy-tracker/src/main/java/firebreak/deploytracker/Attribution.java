package firebreak.deploytracker;

import firebreak.bubbleup.Explanation;
import firebreak.eventstore.EventStore;
import firebreak.slo.BurnAlert;
import java.time.Instant;
import java.util.List;

/** Weighs which change did it, "none of ours" among the answers. */
public final class Attribution {

  public Attribution(EventStore store, FieldRoles roles) {
    throw new UnsupportedOperationException(store.toString() + roles);
  }

  /**
   * Weighs the changes against the burn's events.
   *
   * @param changes what changed in the hours before and during the burn
   * @param explanation what the failing events share
   * @param now events after this are not looked at
   */
  public Finding weigh(
      BurnAlert alert, List<Change> changes, Explanation explanation, Instant now) {
    throw new UnsupportedOperationException();
  }
}
