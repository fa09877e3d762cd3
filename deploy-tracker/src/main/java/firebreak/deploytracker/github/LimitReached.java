package firebreak.deploytracker.github;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** GitHub was asked too often, and says for how long it wants to be left alone. */
final class LimitReached extends IOException {
  private static final long serialVersionUID = 1L;

  static final Duration AFTER_AT_MOST = Duration.ofHours(1);

  /** What GitHub asks for where it does not say. */
  private static final Duration AFTER_UNKNOWN = Duration.ofMinutes(1);

  private final Duration after;

  private LimitReached(int status, Duration after) {
    super("GitHub answered %d: its limit of requests is reached".formatted(status));
    this.after = after;
  }

  Duration after() {
    return after;
  }

  /** Throws if the answer is that a limit is reached. */
  static void check(HttpResponse<byte[]> response) throws LimitReached {
    int status = response.statusCode();
    HttpHeaders headers = response.headers();
    if (status == 429
        || (status == 403
            && (headers.firstValue("Retry-After").isPresent()
                || header(headers, "X-RateLimit-Remaining").equals("0")))) {
      throw new LimitReached(status, after(headers));
    }
  }

  /** The limit behind a failure, if there is one. */
  static @Nullable LimitReached behind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LimitReached limit) {
        return limit;
      }
    }
    return null;
  }

  /** By GitHub's own clock and not by ours. */
  private static Duration after(HttpHeaders headers) {
    String seconds = header(headers, "Retry-After");
    String reset = header(headers, "X-RateLimit-Reset");
    Duration wait = AFTER_UNKNOWN;
    if (seconds.matches("\\d{1,9}")) {
      wait = Duration.ofSeconds(Long.parseLong(seconds));
    } else if (reset.matches("\\d{1,12}")) {
      try {
        Instant now =
            ZonedDateTime.parse(header(headers, "Date"), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        wait = Duration.between(now, Instant.ofEpochSecond(Long.parseLong(reset)));
      } catch (DateTimeException e) {
        // Then as where it says nothing.
      }
    }
    wait = wait.compareTo(AFTER_AT_MOST) > 0 ? AFTER_AT_MOST : wait;
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static String header(HttpHeaders headers, String name) {
    return headers.firstValue(name).orElse("");
  }
}
