package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server-sent events by which SDKs follow an environment. */
final class FakeStream {
  private final FakeEnvironment environment;
  private final List<OutputStream> streams = new CopyOnWriteArrayList<>();
  private volatile boolean muted;

  FakeStream(FakeEnvironment environment) {
    this.environment = environment;
    environment.onChange(this::sendPatch);
  }

  void mute(boolean mute) {
    muted = mute;
  }

  /** Sends everything once, and from then on each change, until the stream is cut. */
  void open(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    synchronized (environment) {
      ObjectNode put = FlagJson.MAPPER.createObjectNode().put("path", "/");
      put.set("data", environment.all());
      send(out, "put", put);
      streams.add(out);
    }
  }

  void cut() {
    for (OutputStream stream : streams) {
      try {
        stream.close();
      } catch (IOException _) {
        // It was cut already.
      }
    }
    streams.clear();
  }

  private void sendPatch(String flag) {
    if (muted) {
      return;
    }
    ObjectNode patch = FlagJson.MAPPER.createObjectNode().put("path", "/flags/" + flag);
    patch.set("data", environment.sdkFlag(flag));
    for (OutputStream stream : streams) {
      send(stream, "patch", patch);
    }
  }

  private void send(OutputStream stream, String event, JsonNode data) {
    try {
      String text = "event: " + event + "\ndata: " + data + "\n\n";
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    } catch (IOException _) {
      streams.remove(stream);
    }
  }
}
