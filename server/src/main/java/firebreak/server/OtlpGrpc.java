package firebreak.server;

import com.google.protobuf.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * OTLP over gRPC, on the same port: one unary call is one HTTP/2 request whose body is a frame (a
 * flag, a length, a message), answered by a frame and the status as a trailer.
 */
final class OtlpGrpc implements Routes {
  static final String CONTENT_TYPE = "application/grpc";
  private static final String STATUS = "grpc-status";
  private static final int FRAME_HEADER_BYTES = 5;

  private final Otlp otlp;
  private final Intake intake;

  OtlpGrpc(Otlp otlp, Intake intake) {
    this.otlp = otlp;
    this.intake = intake;
  }

  @Override
  public void register(Router router) {
    register(router, "trace.v1.TraceService", Otlp.Signal.TRACES);
    register(router, "logs.v1.LogsService", Otlp.Signal.LOGS);
    register(router, "metrics.v1.MetricsService", Otlp.Signal.METRICS);
  }

  private void register(Router router, String service, Otlp.Signal signal) {
    intake.post(
        router,
        "/opentelemetry.proto.collector." + service + "/Export",
        Limits.OTLP_BODY_BYTES,
        ctx -> export(ctx, signal));
  }

  private Answer export(RoutingContext ctx, Otlp.Signal signal) throws IOException {
    Message request = signal.parse(message(ctx));
    Otlp.Outcome outcome =
        otlp.export(
            signal,
            request,
            ctx.request().getHeader("X-Honeycomb-Dataset"),
            Receipt.key(ctx, otlp.now()));
    byte[] response = outcome.response().toByteArray();
    Buffer frame = Buffer.buffer().appendByte((byte) 0).appendInt(response.length);
    Answer answer =
        new Answer(
            200,
            CONTENT_TYPE,
            frame.appendBytes(response),
            Map.of("Content-Encoding", "identity"),
            Map.of(STATUS, "0"));
    return Receipt.on(answer, outcome.durability());
  }

  private static byte[] message(RoutingContext ctx) {
    byte[] body = Body.of(ctx);
    if (body.length < FRAME_HEADER_BYTES
        || Buffer.buffer(body).getInt(1) != body.length - FRAME_HEADER_BYTES) {
      throw new IllegalArgumentException("a call is one whole gRPC frame");
    }
    byte[] message = Arrays.copyOfRange(body, FRAME_HEADER_BYTES, body.length);
    if (body[0] == 0) {
      return message;
    }
    String encoding = String.valueOf(ctx.request().getHeader("grpc-encoding"));
    if (!encoding.equals("gzip")) {
      throw new Refusal(415, "grpc-encoding " + encoding + " is not known; send gzip");
    }
    return Body.gunzip(ctx, message);
  }

  /** A failed call: HTTP's 200, and all there is to say in the headers. */
  static Answer failure(OtlpStatus status) {
    return new Answer(
        200,
        CONTENT_TYPE,
        Buffer.buffer(),
        Map.of(
            STATUS,
            Integer.toString(status.code()),
            "grpc-message",
            percentEncoded(status.message()),
            "grpc-status-details-bin",
            Base64.getEncoder().encodeToString(status.protobuf())));
  }

  private static String percentEncoded(String message) {
    StringBuilder out = new StringBuilder();
    for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        out.append((char) b);
      } else {
        out.append("%%%02X".formatted(b & 0xff));
      }
    }
    return out.toString();
  }
}
