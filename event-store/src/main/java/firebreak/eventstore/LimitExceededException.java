package firebreak.eventstore;

/** The store would have to exceed one of its {@link Limits}, which the message names. */
public final class LimitExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LimitExceededException(String message) {
    super(message);
  }
}
