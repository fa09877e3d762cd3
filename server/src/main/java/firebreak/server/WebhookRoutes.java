package firebreak.server;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands what other tools send, byte by byte as it came, to the one who verifies it. A signature is
 * the key here, so no other is asked for.
 */
final class WebhookRoutes implements Routes {
  private final Receiver receiver;
  private final BodyReader bodies;
  private final Blocking blocking;

  /** Verifies, parses and records one delivery. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a delivery.
     *
     * @param sender the last part of the path, such as {@code github}
     * @param headers by lower-case name; of several with one name all, joined with a comma
     * @return a status and a value to be written as JSON
     */
    Reply receive(String sender, Map<String, String> headers, byte[] body);
  }

  /** What the sender is told. */
  record Reply(int status, Map<String, ?> body) {
    Reply {
      body = Map.copyOf(body);
    }
  }

  WebhookRoutes(Receiver receiver, BodyReader bodies, Blocking blocking) {
    this.receiver = receiver;
    this.bodies = bodies;
    this.blocking = blocking;
  }

  @Override
  public void register(Router router) {
    router
        .post("/webhooks/:sender")
        .handler(bodies.upTo(Limits.WEBHOOK_BYTES))
        .handler(blocking.handler(this::receive));
  }

  private Answer receive(RoutingContext ctx) {
    Map<String, String> headers = new TreeMap<>();
    ctx.request()
        .headers()
        .forEach((name, value) -> 
                headers.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b));
    Reply reply = receiver.receive(Parameters.path(ctx, "sender"), headers, Body.of(ctx));
    return Answer.json(reply.status(), reply.body());
  }
}
