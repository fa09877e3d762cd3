package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Outbox;
import firebreak.webhooks.outgoing.Message;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** How telling people stands, and a message to try it with. */
final class NotificationRoutes implements Routes {
  private static final String PATH = "/api/v1/notifications";

  private final Outbox outbox;
  private final Destinations destinations;
  private final Door door;
  private final InstantSource clock;

  NotificationRoutes(Outbox outbox, Destinations destinations, Door door, InstantSource clock) {
    this.outbox = outbox;
    this.destinations = destinations;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.get(router, PATH, Scope.QUERY, _ -> Answer.json(view()));
    door.post(router, PATH + "/test", Scope.ADMIN, _ -> Answer.json(202, test()));
  }

  private ObjectNode view() {
    Outbox.Standing standing = outbox.standing();
    ObjectNode view = JsonTree.object();
    view.set("destinations", JsonTree.texts(destinations.names()));
    view.put("waiting", standing.waiting());
    view.put("delivered", standing.delivered());
    view.put("given_up", standing.givenUp());
    view.put("last_trouble", standing.lastTrouble());
    return view;
  }

  private ObjectNode test() {
    Instant now = clock.instant();
    Message message =
        new Message(
            "test/" + now.toEpochMilli(),
            "test",
            Message.Severity.INFO,
            "Firebreak can reach you",
            List.of("Somebody tries whether messages arrive. Nothing burns."),
            "",
            Map.of("step", "test"),
            now,
            now);
    outbox.add(
        destinations.names().stream().map(name -> MessageJson.notice(message, name)).toList(), now);
    return view();
  }
}
