package firebreak.sim;

/** The server that is played against does not answer, or not as it should; in one line. */
public final class ServerTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerTrouble(String message) {
    super(message);
  }

  ServerTrouble(String message, Throwable cause) {
    super(message, cause);
  }
}
