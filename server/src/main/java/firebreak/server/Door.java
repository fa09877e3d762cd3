package firebreak.server;

import io.vertx.ext.web.Router;

/**
 * How a route of the API is entered: with a key of the right scope, a bounded body, off the loop.
 */
record Door(Access access, BodyReader bodies, Blocking blocking) {

  void get(Router router, String path, Scope scope, Blocking.Work work) {
    router.get(path).handler(access.require(scope)).handler(blocking.handler(work));
  }

  void post(Router router, String path, Scope scope, Blocking.Work work) {
    router
        .post(path)
        .handler(access.require(scope))
        .handler(bodies.upTo(Limits.BODY_BYTES))
        .handler(blocking.handler(work));
  }

  void delete(Router router, String path, Scope scope, Blocking.Work work) {
    router.delete(path).handler(access.require(scope)).handler(blocking.handler(work));
  }

  void put(Router router, String path, Scope scope, Blocking.Work work) {
    router
        .put(path)
        .handler(access.require(scope))
        .handler(bodies.upTo(Limits.BODY_BYTES))
        .handler(blocking.handler(work));
  }
}
