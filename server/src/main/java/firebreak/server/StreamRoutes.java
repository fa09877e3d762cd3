package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Live updates as server-sent events. A client that reads too slowly misses events rather than
 * filling our memory; it fetches everything anew when it reconnects.
 */
final class StreamRoutes implements Routes, AutoCloseable {
  private static final int CLIENTS = 256;
  private static final long HEARTBEAT_MILLIS = 10_000;

  private final Access access;
  private final Set<HttpServerResponse> clients = ConcurrentHashMap.newKeySet();

  StreamRoutes(Access access) {
    this.access = access;
  }

  @Override
  public void register(Router router) {
    router.get("/api/v1/stream").handler(access.require(Scope.QUERY)).handler(this::open);
  }

  private void open(RoutingContext ctx) {
    if (clients.size() >= CLIENTS) {
      ctx.fail(Refusal.overloaded("too many live connections; come again"));
      return;
    }
    HttpServerResponse response = ctx.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store");
    long heartbeat = ctx.vertx().setPeriodic(HEARTBEAT_MILLIS, _ -> write(response, ": alive\n\n"));
    response.exceptionHandler(_ -> clients.remove(response));
    response.closeHandler(
        _ -> {
          clients.remove(response);
          ctx.vertx().cancelTimer(heartbeat);
        });
    clients.add(response);
    write(response, "retry: 1000\n\n");
  }

  boolean hasClients() {
    return !clients.isEmpty();
  }

  /** Sends one event to every client. */
  void publish(String event, JsonNode content) {
    if (!clients.isEmpty()) {
      String frame = "event: %s\ndata: %s\n\n".formatted(event, content);
      clients.forEach(client -> write(client, frame));
    }
  }

  /** Ends every stream, so that the server can stop. */
  @Override
  public void close() {
    clients.forEach(HttpServerResponse::end);
  }

  private static void write(HttpServerResponse response, String frame) {
    if (!response.closed() && !response.writeQueueFull()) {
      var _ = response.write(frame);
    }
  }
}
