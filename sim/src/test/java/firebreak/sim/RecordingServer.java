package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Answers what a server answers that takes everything, and keeps what it was sent. */
final class RecordingServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode ACCEPTED = JSON.createObjectNode().put("status", 202);

  private final HttpServer server;

  /** The events of all batches, in the order in which they came. */
  final List<JsonNode> events = new CopyOnWriteArrayList<>();

  /** All else that was sent, in the order in which it came. */
  final List<Sent> facts = new CopyOnWriteArrayList<>();

  /** What is answered when it is asked for its objectives, and for the history of one. */
  String slos = "{\"slos\": [{\"id\": \"answered\", \"dataset\": \"orders-api\"}]}";

  String history = "{\"points\": [{\"time\": \"2026-03-02T00:00:00Z\", \"eligible\": 0}]}";

  /** What it says are its flags. */
  Supplier<List<Map<String, String>>> flags = List::of;

  /** A request with a body that is no batch. */
  record Sent(String path, JsonNode body) {}

  RecordingServer() throws IOException {
    // Else each answer waits for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
    String answer = "{}";
    if (path.equals("/api/v1/slos")) {
      answer = slos;
    } else if (path.startsWith("/api/v1/slos/")) {
      answer = history;
    } else if (path.equals("/api/v1/flags")) {
      answer = JSON.writeValueAsString(Map.of("flags", flags.get()));
    } else if (path.startsWith("/1/batch/")) {
      body.forEach(events::add);
      answer = JSON.writeValueAsString(body.valueStream().map(_ -> ACCEPTED).toList());
    } else {
      facts.add(new Sent(path, body));
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
