package firebreak.server;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often the holder of a key may use some routes: so many requests in each window of time, told
 * in every answer by the headers {@code RateLimit} and {@code RateLimitPolicy}.
 */
final class RateLimit implements Handler<RoutingContext> {
  private final int requests;
  private final Duration window;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Used> used = new ConcurrentHashMap<>();

  RateLimit(int requests, Duration window, InstantSource clock) {
    this.requests = requests;
    this.window = window;
    this.clock = clock;
  }

  /** How many requests of the window that began then. */
  private record Used(Instant since, int requests) {}

  @Override
  public void handle(RoutingContext ctx) {
    Instant now = clock.instant();
    String key = Access.principal(ctx).name();
    Used after = used.merge(key, new Used(now, 1), (before, one) -> next(before, now));
    long reset = Math.max(1, Duration.between(now, after.since.plus(window)).toSeconds());
    int remaining = Math.max(0, requests - after.requests);
    ctx.response()
        .putHeader(
            "RateLimit", "limit=%d, remaining=%d, reset=%d".formatted(requests, remaining, reset))
        .putHeader("RateLimitPolicy", "%d;w=%d".formatted(requests, window.toSeconds()));
    if (after.requests > requests) {
      throw Refusal.tooOften(
          "%d requests in %d s are the limit of a key; come again in %d s"
              .formatted(requests, window.toSeconds(), reset),
          Duration.ofSeconds(reset));
    }
    ctx.next();
  }

  private Used next(Used before, Instant now) {
    return now.isBefore(before.since.plus(window))
        ? new Used(before.since, Math.min(before.requests + 1, requests + 1))
        : new Used(now, 1);
  }
}
