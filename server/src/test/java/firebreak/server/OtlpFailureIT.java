package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How an export that fails is answered: what the OTLP specification lets a client rely on. */
class OtlpFailureIT {
  private static final String EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final byte[] ONE_SPAN =
      ExportTraceServiceRequest.newBuilder()
          .addResourceSpans(
              ResourceSpans.newBuilder()
                  .addScopeSpans(
                      ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("query"))))
          .build()
          .toByteArray();

  private final Edge edge = new Edge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void anOverloadOverHttpSaysInItsStatusWhenToComeAgain() throws Exception {
    fail();

    HttpResponse<byte[]> response = protobuf(ONE_SPAN);

    assertEquals(503, response.statusCode());
    assertEquals("1", header(response, "Retry-After"));
    assertEquals("application/x-protobuf", header(response, "Content-Type"));
    UnknownFieldSet status = UnknownFieldSet.parseFrom(response.body());
    assertEquals(14, code(status));
    assertEquals(1, retryDelay(status).getSeconds());
  }

  @Test
  void anOverloadOverHttpIsToldInJsonToWhoSentJson() {
    fail();

    HttpResponse<byte[]> response =
        edge.post("/v1/traces", "{\"resourceSpans\": []}", "Content-Type", "application/json");
    assertEquals(200, response.statusCode(), "nothing to store, nothing to fail");
    response =
        edge.post(
            "/v1/traces",
            "{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{\"name\": \"a\"}]}]}]}",
            "Content-Type",
            "application/json");

    assertEquals(503, response.statusCode());
    assertEquals(14, Edge.json(response).path("code").asInt());
    assertEquals("1s", Edge.json(response).at("/details/0/retryDelay").asText());
    assertEquals(
        "type.googleapis.com/google.rpc.RetryInfo",
        Edge.json(response).path("details").path(0).path("@type").asText());
  }

  @Test
  void anOverloadOverGrpcIsUnavailableAndSaysWhenToComeAgain() throws Exception {
    fail();

    HttpResponse<byte[]> response = grpc(0, ONE_SPAN);

    assertEquals(200, response.statusCode());
    assertEquals("14", header(response, "grpc-status"));
    assertFalse(header(response, "grpc-message").isEmpty());
    UnknownFieldSet status = details(response);
    assertEquals(14, code(status));
    assertEquals(1, retryDelay(status).getSeconds());
  }

  @Test
  void whatIsTooLargeOrWrongIsNotToBeSentAgain() throws Exception {
    byte[] bomb = Edge.gzip(new byte[Limits.BODY_BYTES * 5]);

    HttpResponse<byte[]> overHttp =
        edge.send(
            "POST",
            "/v1/traces",
            bomb,
            "Content-Type",
            "application/x-protobuf",
            "Content-Encoding",
            "gzip");
    HttpResponse<byte[]> overGrpc = grpc(1, bomb, "grpc-encoding", "gzip");
    HttpResponse<byte[]> cutOff = grpc(0, new byte[] {10, 127});

    assertEquals(413, overHttp.statusCode());
    UnknownFieldSet status = UnknownFieldSet.parseFrom(overHttp.body());
    assertEquals(8, code(status));
    assertFalse(status.hasField(3), "no RetryInfo");
    assertTrue(overHttp.headers().firstValue("Retry-After").isEmpty());
    assertEquals("8", header(overGrpc, "grpc-status"));
    assertEquals(8, code(details(overGrpc)));
    assertFalse(details(overGrpc).hasField(3), "no RetryInfo");
    assertEquals("3", header(cutOff, "grpc-status"));
  }

  private void fail() {
    edge.store.failWith(new UncheckedIOException(new IOException("disk full")));
  }

  private HttpResponse<byte[]> protobuf(byte[] body) {
    return edge.send("POST", "/v1/traces", body, "Content-Type", "application/x-protobuf");
  }

  private HttpResponse<byte[]> grpc(int flag, byte[] message, String... more) {
    byte[] frame =
        Buffer.buffer()
            .appendByte((byte) flag)
            .appendInt(message.length)
            .appendBytes(message)
            .getBytes();
    String[] headers = new String[more.length + 2];
    headers[0] = "Content-Type";
    headers[1] = "application/grpc";
    System.arraycopy(more, 0, headers, 2, more.length);
    return edge.send("POST", EXPORT, frame, headers);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The google.rpc.Status of a failed call. */
  private static UnknownFieldSet details(HttpResponse<byte[]> response) throws IOException {
    return UnknownFieldSet.parseFrom(
        Base64.getDecoder().decode(header(response, "grpc-status-details-bin")));
  }

  private static long code(UnknownFieldSet status) {
    return status.getField(1).getVarintList().getFirst();
  }

  private static Duration retryDelay(UnknownFieldSet status) throws IOException {
    ByteString detail = status.getField(3).getLengthDelimitedList().getFirst();
    Any any = Any.parseFrom(detail);
    assertEquals("type.googleapis.com/google.rpc.RetryInfo", any.getTypeUrl());
    UnknownFieldSet info = UnknownFieldSet.parseFrom(any.getValue());
    return Duration.parseFrom(info.getField(1).getLengthDelimitedList().getFirst());
  }
}
