package firebreak.eventstore;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** An event store on disk, with what its operator may want of it. */
public interface PersistentEventStore extends EventStore {

  /**
   * Drops events of the dataset by whole days: those parts of which every event is older. Answers
   * how many events went.
   */
  long retain(String dataset, Instant oldest);

  /**
   * Erases all matching events that were acknowledged before: from memory and disk, for good.
   * Answers how many were. If it fails half-way or the process dies, it is carried out to its end
   * later, at the latest by the next start.
   *
   * @throws IncompleteErasureException if part files are damaged: all others are done, and these
   *     are named
   */
  long erase(String dataset, Filter filter);

  /**
   * Copies the store as it is now, everything acknowledged included, to a directory that is empty
   * or does not exist yet, while it goes on. The copy is opened as any other store is.
   */
  void snapshot(Path target);

  /**
   * Verifies the checksums of all files, at the speed of {@link StoreSettings#scrubBytesPerSecond},
   * and answers which parts are damaged; none of them is asked from then on.
   */
  List<String> scrub();

  StoreStatus status();
}
