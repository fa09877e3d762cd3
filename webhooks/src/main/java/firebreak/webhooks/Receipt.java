package firebreak.webhooks;

import firebreak.deploytracker.Change;
import java.util.List;

/** What became of a delivery. All but a rejection are answered with success. */
public sealed interface Receipt {

  /**
   * It said something new.
   *
   * @param changes what it told of, as it told it; the change log has the folded state
   */
  record Recorded(List<Change> changes) implements Receipt {
    public Recorded {
      changes = List.copyOf(changes);
    }

    public List<String> ids() {
      return changes.stream().map(Change::id).toList();
    }
  }

  /** All it tells of is known already, however it came to be told again. */
  record Duplicate() implements Receipt {}

  /** It is genuine and tells of nothing that is kept. */
  record Ignored(String why) implements Receipt {}

  /**
   * It is not believed, or not understood.
   *
   * @param status the HTTP status of the answer: 400, 401 or 413
   * @param why for the person who set the webhook up, with the configuration key that helps
   */
  record Rejected(int status, String why) implements Receipt {}
}
