package firebreak.server;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** How a route is entered that takes events: with a key, through the line, off the loop. */
record Intake(Access access, BodyReader bodies, Blocking blocking, IntakeLine line) {
  /** Bytes that a byte of a compressed body is taken for, until it is decoded. */
  private static final int COMPRESSED = 8;

  void post(Router router, String path, int limit, Blocking.Work work) {
    post(router, path, RoutingContext::next, limit, work);
  }

  /**
   * @param check looks at the headers before the body is read
   */
  void post(
      Router router, String path, Handler<RoutingContext> check, int limit, Blocking.Work work) {
    router
        .post(path)
        .handler(access.require(Scope.INGEST))
        .handler(check)
        .handler(bodies.upTo(limit, line::turnedAway))
        .handler(blocking.handler(ctx -> inLine(ctx, work)));
  }

  private Answer inLine(RoutingContext ctx, Blocking.Work work) throws Exception {
    long bytes = Body.sizeOf(ctx) * (Body.isEncoded(ctx) ? COMPRESSED : 1);
    try (IntakeLine.Place _ = line.enter(bytes)) {
      return work.answer(ctx);
    }
  }
}
