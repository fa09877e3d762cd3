package firebreak.server;

import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request says besides its body. */
final class Parameters {
  private Parameters() {}

  /** The part of the path that the route names. */
  static String path(RoutingContext ctx, String name) {
    @Nullable String value = ctx.pathParam(name);
    if (value == null) {
      throw new IllegalStateException("the route has no part named " + name);
    }
    return value;
  }

  /** The Content-Type without its parameters, in lower case; empty when there is none. */
  static String mediaType(RoutingContext ctx) {
    @Nullable String type = ctx.request().getHeader("Content-Type");
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
