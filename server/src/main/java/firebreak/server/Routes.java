package firebreak.server;

import io.vertx.ext.web.Router;

/** The routes of one feature; each registers its own. */
@FunctionalInterface
interface Routes {
  void register(Router router);
}
