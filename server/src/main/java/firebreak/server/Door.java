package firebreak.server;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * How a route of the API is entered: with a key of the right scope, a bounded body, off the loop.
 */
record Door(Access access, BodyReader bodies, Blocking blocking, Handler<RoutingContext> limit) {

  /** A door that may be entered as often as there is room. */
  Door(Access access, BodyReader bodies, Blocking blocking) {
    this(access, bodies, blocking, RoutingContext::next);
  }

  /** The same, entered at most so often. */
  Door limitedBy(RateLimit rate) {
    return new Door(access, bodies, blocking, rate);
  }

  void get(Router router, String path, Scope scope, Blocking.Work work) {
    router.get(path).handler(access.require(scope)).handler(limit).handler(blocking.handler(work));
  }

  void post(Router router, String path, Scope scope, Blocking.Work work) {
    router
        .post(path)
        .handler(access.require(scope))
        .handler(limit)
        .handler(bodies.upTo(Limits.BODY_BYTES))
        .handler(blocking.handler(work));
  }

  void delete(Router router, String path, Scope scope, Blocking.Work work) {
    router
        .delete(path)
        .handler(access.require(scope))
        .handler(limit)
        .handler(blocking.handler(work));
  }

  void put(Router router, String path, Scope scope, Blocking.Work work) {
    router
        .put(path)
        .handler(access.require(scope))
        .handler(limit)
        .handler(bodies.upTo(Limits.BODY_BYTES))
        .handler(blocking.handler(work));
  }
}
