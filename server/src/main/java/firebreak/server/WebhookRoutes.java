package firebreak.server;

import firebreak.webhooks.Delivery;
import firebreak.webhooks.Inbox;
import firebreak.webhooks.Receipt;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Hands what other tools send to the inbox, byte by byte as it came. The signature is the key here,
 * so no other is asked for.
 */
final class WebhookRoutes implements Routes {
  private final Inbox inbox;
  private final InstantSource clock;
  private final BodyReader bodies;
  private final Blocking blocking;

  WebhookRoutes(Inbox inbox, InstantSource clock, BodyReader bodies, Blocking blocking) {
    this.inbox = inbox;
    this.clock = clock;
    this.bodies = bodies;
    this.blocking = blocking;
  }

  @Override
  public void register(Router router) {
    router
        .post("/webhooks/:sender")
        .handler(bodies.upTo(Inbox.BODY_BYTES_AT_MOST))
        .handler(blocking.handler(this::receive));
  }

  private Answer receive(RoutingContext ctx) {
    Map<String, String> headers = new HashMap<>();
    ctx.request()
        .headers()
        .forEach(
            (name, value) ->
                headers.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + "," + b));
    Delivery delivery = new Delivery(Parameters.path(ctx, "sender"), headers, Body.rawOf(ctx));
    return switch (inbox.receive(delivery, clock.instant())) {
      case Receipt.Recorded recorded ->
          Answer.json(202, Map.of("status", "recorded", "ids", recorded.ids()));
      case Receipt.Duplicate _ -> Answer.json(Map.of("status", "known already"));
      case Receipt.Ignored ignored ->
          Answer.json(Map.of("status", "ignored", "why", ignored.why()));
      case Receipt.Rejected rejected -> throw new Refusal(rejected.status(), rejected.why());
    };
  }
}
