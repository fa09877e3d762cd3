package firebreak.deploytracker;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Builds, deploys, flag changes and markers on one timeline, kept in the event store. */
public final class ChangeLog {

  /** The dataset that holds the timeline. */
  public static final String DATASET = "firebreak.changes";

  public ChangeLog(EventStore store) {
    throw new UnsupportedOperationException(store.toString());
  }

  /**
   * Keeps the change, or its newer state; returns when it is on disk; false when it says nothing
   * new.
   */
  public boolean record(Change change) {
    throw new UnsupportedOperationException();
  }

  /** The changes whose time lies in the range, each in its latest state, oldest first. */
  public List<Change> changes(TimeRange range) {
    throw new UnsupportedOperationException();
  }

  public Optional<Change> find(String id) {
    throw new UnsupportedOperationException();
  }

  /** Calls with each change that says something new, after it is on disk. */
  public void onRecord(Consumer<Change> listener) {
    throw new UnsupportedOperationException();
  }
}
