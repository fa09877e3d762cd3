package firebreak.eventstore;

/** A question was given up half-way, since nobody waits for its answer any more. */
public final class WithdrawnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WithdrawnException() {
    super("nobody waits for the answer any more");
  }
}
