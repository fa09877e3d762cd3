package firebreak.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request is turned down, with the HTTP status and a sentence for its sender. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable Duration retryAfter;
  private final transient @Nullable Invalid invalid;

  /** What is wrong with one key of what was sent; the code is one of Honeycomb's. */
  record Invalid(String field, String code) {}

  Refusal(int status, String message) {
    this(status, message, null, null);
  }

  private Refusal(
      int status, String message, @Nullable Duration retryAfter, @Nullable Invalid invalid) {
    super(message, null, false, false);
    this.status = status;
    this.retryAfter = retryAfter;
    this.invalid = invalid;
  }

  /** We are full; the sender may come again. */
  static Refusal overloaded(String message) {
    return new Refusal(503, message, Limits.RETRY_AFTER, null);
  }

  /** The sender asks too often. */
  static Refusal tooOften(String message, Duration retryAfter) {
    return new Refusal(429, message, retryAfter, null);
  }

  /** A key of what was sent is missing or wrong. */
  static Refusal invalid(String field, String code, String message) {
    return new Refusal(422, field + ": " + message, null, new Invalid(field, code));
  }

  static Refusal tooLarge(String what, long limit) {
    return new Refusal(413, "%s is larger than the limit of %,d bytes".formatted(what, limit));
  }

  int status() {
    return status;
  }

  @Nullable Invalid invalid() {
    return invalid;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
