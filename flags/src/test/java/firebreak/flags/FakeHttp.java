package firebreak.flags;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What a fake of an HTTP API does with one exchange. */
final class FakeHttp {
  private FakeHttp() {}

  static String query(HttpExchange exchange, String name, String otherwise) {
    String query = exchange.getRequestURI().getRawQuery();
    for (String part : query == null ? new String[0] : query.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return otherwise;
  }

  static void fail(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    ObjectNode body = FlagJson.MAPPER.createObjectNode();
    answer(exchange, status, Map.of(), body.put("code", code).put("message", message).toString());
  }

  static void answer(HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static void pause(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
