package firebreak.server;

/** The configuration cannot be used; the message is one line that says where and why. */
final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message, null, false, false);
  }
}
