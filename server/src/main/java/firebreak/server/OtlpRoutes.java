package firebreak.server;

import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** OTLP over HTTP: protobuf and JSON, each answered in kind. */
final class OtlpRoutes implements Routes {
  private static final String PROTOBUF = "application/x-protobuf";

  private final Otlp otlp;
  private final Intake intake;

  OtlpRoutes(Otlp otlp, Intake intake) {
    this.otlp = otlp;
    this.intake = intake;
  }

  @Override
  public void register(Router router) {
    register(router, "/v1/traces", Otlp.Signal.TRACES);
    register(router, "/v1/logs", Otlp.Signal.LOGS);
    register(router, "/v1/metrics", Otlp.Signal.METRICS);
    new OtlpGrpc(otlp, intake).register(router);
  }

  private void register(Router router, String path, Otlp.Signal signal) {
    intake.post(
        router, path, OtlpRoutes::checkType, Limits.OTLP_BODY_BYTES, ctx -> export(ctx, signal));
  }

  private static void checkType(RoutingContext ctx) {
    String type = Parameters.mediaType(ctx);
    if (!type.equals(PROTOBUF) && !type.equals(Answer.JSON)) {
      throw new Refusal(
          415,
          "Content-Type '%s' is not known here; send %s or %s"
              .formatted(type, PROTOBUF, Answer.JSON));
    }
    ctx.next();
  }

  private Answer export(RoutingContext ctx, Otlp.Signal signal) throws IOException {
    boolean isJson = isJson(ctx);
    byte[] body = Body.of(ctx);
    Message request = isJson ? OtlpJson.read(body, signal.newRequest()) : signal.parse(body);
    Otlp.Outcome outcome =
        otlp.export(
            signal,
            request,
            ctx.request().getHeader("X-Honeycomb-Dataset"),
            Receipt.key(ctx, otlp.now()));
    Answer answer =
        isJson
            ? Answer.json(json(outcome))
            : Answer.bytes(PROTOBUF, outcome.response().toByteArray());
    return Receipt.on(answer, outcome.durability());
  }

  private static Map<String, Object> json(Otlp.Outcome outcome) {
    if (outcome.rejected() == 0) {
      return Map.of();
    }
    Map<String, Object> partial = new LinkedHashMap<>();
    String name =
        switch (outcome.signal()) {
          case TRACES -> "rejectedSpans";
          case LOGS -> "rejectedLogRecords";
          case METRICS -> "rejectedDataPoints";
        };
    partial.put(name, Long.toString(outcome.rejected()));
    partial.put("errorMessage", outcome.why());
    return Map.of("partialSuccess", partial);
  }

  /** A google.rpc.Status, in JSON for a client that sent JSON, else in protobuf. */
  static Answer failure(RoutingContext ctx, int httpStatus, OtlpStatus status) {
    return isJson(ctx)
        ? Answer.json(httpStatus, status.json())
        : new Answer(httpStatus, PROTOBUF, Buffer.buffer(status.protobuf()), Map.of());
  }

  private static boolean isJson(RoutingContext ctx) {
    return Parameters.mediaType(ctx).equals(Answer.JSON);
  }
}
