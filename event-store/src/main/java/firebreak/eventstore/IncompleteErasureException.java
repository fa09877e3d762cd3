package firebreak.eventstore;

import java.util.List;

/**
 * Events were erased, but some part files could not be read: events that were to go may still lie
 * in them. Whoever mends them must erase again.
 */
public final class IncompleteErasureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long erased;

  /**
   * Made when everything else is done.
   *
   * @param unread for each part file that could not be read, a sentence that names it
   */
  IncompleteErasureException(long erased, List<String> unread) {
    super(
        "%d events were erased, but some may be left. %s Then erase again."
            .formatted(erased, String.join(" ", unread)));
    this.erased = erased;
  }

  /** How many events were erased. */
  public long erased() {
    return erased;
  }
}
