package firebreak.eventstore.journal;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that changed what the store holds, as the journal keeps it. */
public sealed interface Change {
  String dataset();

  /** How many of the journal's sequence numbers it takes. */
  int numbers();

  /**
   * Events that were appended together, each with a number of its own.
   *
   * @param key what their sender names the batch by
   */
  record Batch(String dataset, List<Event> events, @Nullable BatchKey key) implements Change {
    public Batch(String dataset, List<Event> events) {
      this(dataset, events, null);
    }

    @Override
    public int numbers() {
      return events.size();
    }
  }

  /** The order to erase all matching events that came before. */
  record Erasure(String dataset, Filter filter) implements Change {
    @Override
    public int numbers() {
      return 1;
    }
  }
}
