package firebreak.server;

import io.vertx.core.Context;
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
        .handler(ctx -> lineUp(ctx, work));
  }

  private void lineUp(RoutingContext ctx, Blocking.Work work) {
    long bytes = (long) Body.sizeOf(ctx) * (Body.isEncoded(ctx) ? COMPRESSED : 1);
    Context context = ctx.vertx().getOrCreateContext();
    line.enter(
        bytes,
        () -> blocking.run(ctx, context, present(work), () -> line.left(bytes)),
        refusal -> context.runOnContext(_ -> ctx.fail(refusal)));
  }

  /** Who has gone meanwhile sends again, and is not to be stored twice. */
  private static Blocking.Work present(Blocking.Work work) {
    return ctx -> {
      if (ctx.response().closed()) {
        throw new Refusal(400, "the client has gone");
      }
      return work.answer(ctx);
    };
  }
}
