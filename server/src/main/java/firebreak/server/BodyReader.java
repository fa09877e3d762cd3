package firebreak.server;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads request bodies on the event loop: so large, in so much time, and out of one budget. */
final class BodyReader {
  private final ByteBudget budget = new ByteBudget(Limits.BODY_BYTES_IN_FLIGHT);
  private final long millis;

  BodyReader() {
    this(Limits.BODY_TIME.toMillis());
  }

  BodyReader(long millis) {
    this.millis = millis;
  }

  ByteBudget budget() {
    return budget;
  }

  /** Reads the body, then goes on to the next handler, which finds it with {@link Body#of}. */
  Handler<RoutingContext> upTo(int limit) {
    return upTo(limit, () -> null);
  }

  /**
   * The same, unless the request is turned away before its body has come. The body is then read all
   * the same and dropped: a client that still sends hears no answer when it is hung up on.
   */
  Handler<RoutingContext> upTo(int limit, Supplier<@Nullable Refusal> turnedAway) {
    return ctx -> read(ctx, limit, turnedAway.get());
  }

  private void read(RoutingContext ctx, int limit, @Nullable Refusal turnedAway) {
    HttpServerRequest request = ctx.request();
    if (declaredLength(request) > limit) {
      refuse(ctx, Refusal.tooLarge("the body", limit));
      return;
    }
    if ("100-continue".equals(lower(request.getHeader(HttpHeaders.EXPECT)))) {
      var _ = request.response().writeContinue();
    }
    ByteBudget.Account account = budget.open();
    ctx.addEndHandler(_ -> account.close());
    Buffer raw = Buffer.buffer();
    long timer = ctx.vertx().setTimer(millis, _ -> tooSlow(ctx));
    request.exceptionHandler(_ -> ctx.vertx().cancelTimer(timer));
    request.handler(
        part -> {
          if (ctx.failed()) {
            return;
          }
          try {
            if (raw.length() + part.length() > limit) {
              throw Refusal.tooLarge("the body", limit);
            }
            if (turnedAway == null) {
              account.take(part.length());
              raw.appendBuffer(part);
            }
          } catch (Refusal refusal) {
            refuse(ctx, refusal);
          }
        });
    request.endHandler(
        _ -> {
          ctx.vertx().cancelTimer(timer);
          if (turnedAway != null && !ctx.failed()) {
            ctx.fail(turnedAway);
          } else if (!ctx.failed()) {
            String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
            new Body(raw, limit, account, encoding).attach(ctx);
            ctx.next();
          }
        });
  }

  /** Answers now; what else the client sends is dropped, for as long as a body may take. */
  private void refuse(RoutingContext ctx, Refusal refusal) {
    HttpServerRequest request = ctx.request();
    if (!isHttp2(request)) {
      ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    ctx.fail(refusal);
  }

  private static void tooSlow(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    if (isHttp2(request)) {
      var _ = ctx.response().reset();
      return;
    }
    if (!ctx.response().ended()) {
      ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      ctx.fail(new Refusal(408, "the body took too long to arrive"));
    }
    var _ = request.connection().close();
  }

  private static boolean isHttp2(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  private static long declaredLength(HttpServerRequest request) {
    @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      return 0;
    }
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
