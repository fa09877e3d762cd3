package firebreak.bubbleup;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.Selection;

/** Says what selected events share that the rest do not. */
public final class BubbleUp {
  public static final int MAX_TERMS = 3;

  public BubbleUp(EventStore store) {
    throw new UnsupportedOperationException(store.toString());
  }

  /** Tests every field alone and conjunctions of up to {@code maxTerms} values. */
  public Explanation explain(Selection selection, int maxTerms) {
    throw new UnsupportedOperationException();
  }
}
