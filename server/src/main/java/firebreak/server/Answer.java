package firebreak.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/** What goes back to a client. */
record Answer(
    int status,
    String contentType,
    Buffer body,
    Map<String, String> headers,
    Map<String, String> trailers) {
  static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }

  Answer(int status, String contentType, Buffer body, Map<String, String> headers) {
    this(status, contentType, body, headers, Map.of());
  }

  static Answer json(Object value) {
    return json(200, value);
  }

  static Answer json(int status, Object value) {
    return new Answer(status, JSON, Json.buffer(value), Map.of());
  }

  static Answer bytes(String contentType, byte[] body) {
    return new Answer(200, contentType, Buffer.buffer(body), Map.of());
  }

  static Answer empty(int status) {
    return new Answer(status, "", Buffer.buffer(), Map.of());
  }

  Answer with(String header, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(header, value);
    return new Answer(status, contentType, body, all, trailers);
  }

  /** Sends it, unless the client has gone or has its answer already. On the request's context. */
  void send(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    headers.forEach(response::putHeader);
    trailers.forEach(response::putTrailer);
    if (!contentType.isEmpty()) {
      response.putHeader("Content-Type", contentType);
    }
    var _ = response.end(body);
  }
}
