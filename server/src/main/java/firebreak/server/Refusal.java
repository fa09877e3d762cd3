package firebreak.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request is turned down, with the HTTP status and a sentence for its sender. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable Duration retryAfter;

  Refusal(int status, String message) {
    this(status, message, null);
  }

  private Refusal(int status, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** We are full; the sender may come again. */
  static Refusal overloaded(String message) {
    return new Refusal(503, message, Limits.RETRY_AFTER);
  }

  static Refusal tooLarge(String what, long limit) {
    return new Refusal(413, "%s is larger than the limit of %,d bytes".formatted(what, limit));
  }

  int status() {
    return status;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
