package firebreak.eventstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a store on disk is doing.
 *
 * @param events how many events it holds
 * @param parts how many part files
 * @param partBytes how much disk they take
 * @param freshRows how many events are not in a part file yet
 * @param freshBytes how much memory these take
 * @param journalBytes how much disk the journal takes
 * @param duplicates how many events came again and were dropped, since the start
 * @param overflowedFields how many values went into {@link Catalogue#OVERFLOW}, since the start
 * @param refusedEvents how many events could not be kept, since the start; more than none is a
 *     fault of this program
 * @param freeBytes how much room the disk has
 * @param damaged what each damaged part costs and what to do about it
 * @param trouble why the last attempt to write to the disk failed
 */
public record StoreStatus(
    long events,
    int parts,
    long partBytes,
    long freshRows,
    long freshBytes,
    long journalBytes,
    long duplicates,
    long overflowedFields,
    long refusedEvents,
    long freeBytes,
    List<String> damaged,
    @Nullable String trouble) {
  public StoreStatus {
    damaged = List.copyOf(damaged);
  }

  /** Whether nothing needs to be looked after. */
  public boolean isHealthy() {
    return damaged.isEmpty() && trouble == null && refusedEvents == 0;
  }
}
