package firebreak.webhooks.outgoing;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends a message to a destination, one attempt a call. Redirects are not followed: an answer that
 * is one is a failure.
 */
public final class Sending {
  /** How long one attempt may take in all. */
  public static final Duration TIME = Duration.ofSeconds(10);

  /** Answers after which the same message will never be taken. */
  private static final Set<Integer> HOPELESS = Set.of(400, 405, 410, 411, 413, 414, 415, 422);

  private static final Duration RETRY_AFTER_AT_MOST = Duration.ofHours(1);

  private final Reach reach;
  private final Duration time;
  private final SSLSocketFactory trust;

  /**
   * Sends where the reach allows, to whom the platform trusts.
   *
   * @param time how long one attempt may take in all
   */
  public Sending(Reach reach, Duration time) {
    this(reach, time, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  Sending(Reach reach, Duration time, SSLSocketFactory trust) {
    this.reach = reach;
    this.time = time;
    this.trust = trust;
  }

  /** What became of an attempt. */
  public sealed interface Outcome {
    record Delivered(int status) implements Outcome {}

    /**
     * It may have arrived or not.
     *
     * @param why in words that hold no address and no secret
     * @param retry whether another attempt can help
     * @param after how long the receiver wants to be left alone; zero where it did not say
     */
    record Failed(String why, boolean retry, Duration after) implements Outcome {}
  }

  public Outcome send(Destination destination, Message message, Instant now) {
    URI address = destination.address();
    return switch (reach.of(address)) {
      case Reach.Target.Refused refused ->
          new Outcome.Failed(refused.why(), refused.retry(), Duration.ZERO);
      case Reach.Target.At at -> post(destination, message, at, now);
    };
  }

  private Outcome post(Destination destination, Message message, Reach.Target.At at, Instant now) {
    byte[] body = destination.body(message).toString().getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "firebreak");
    headers.put("Idempotency-Key", message.key());
    headers.putAll(destination.headers(message, body, now));
    try (HttpPost post = HttpPost.connect(at, trust, time)) {
      return judged(post.send(path(destination.address()), headers, body));
    } catch (SocketTimeoutException e) {
      return new Outcome.Failed("no answer within " + time.toMillis() + " ms", true, Duration.ZERO);
    } catch (IOException e) {
      return new Outcome.Failed(
          "the connection failed: " + e.getClass().getSimpleName(), true, Duration.ZERO);
    }
  }

  private static String path(URI address) {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return (path.isEmpty() ? "/" : path) + query;
  }

  private static Outcome judged(HttpPost.Answer answer) {
    int status = answer.status();
    if (status / 100 == 2) {
      return new Outcome.Delivered(status);
    }
    if (status / 100 == 3) {
      return new Outcome.Failed(
          "was answered " + status + ", a redirect, which is not followed", true, Duration.ZERO);
    }
    return new Outcome.Failed(
        "was answered " + status, !HOPELESS.contains(status), retryAfter(answer.retryAfter()));
  }

  /** Seconds; a date, which few send, is taken as no wish. */
  private static Duration retryAfter(String header) {
    if (!header.matches("\\d{1,9}")) {
      return Duration.ZERO;
    }
    Duration wished = Duration.ofSeconds(Long.parseLong(header));
    return wished.compareTo(RETRY_AFTER_AT_MOST) > 0 ? RETRY_AFTER_AT_MOST : wished;
  }
}
