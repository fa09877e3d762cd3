package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OTLP bodies near the limit and beyond it, in front of the real store. */
class LargeRequestsIT {
  private static final int SPAN_BYTES = 1_200;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private App app;

  @SuppressWarnings("NullAway.Init")
  private Api api;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    app = App.start(ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.system());
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
    app.close();
  }

  @Test
  void everySpanOfABodyThatFillsTheLimitByFourFifthsIsKept() throws Exception {
    int spans = Limits.OTLP_BODY_BYTES / SPAN_BYTES * 4 / 5;
    byte[] body = body(spans, SPAN_BYTES - 60, 1);
    assertTrue(body.length > Limits.OTLP_BODY_BYTES * 3L / 4, "" + body.length);

    HttpResponse<byte[]> response = send("/v1/traces", body);

    assertEquals(200, response.statusCode(), text(response));
    assertEquals(0, response.body().length, "nothing of it is refused");
    assertEquals(spans, stored());
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws Exception {
    HttpResponse<byte[]> response = send("/v1/traces", new byte[Limits.OTLP_BODY_BYTES + 1]);

    assertEquals(413, response.statusCode(), text(response));
    assertEquals(0, stored());
  }

  @Test
  void spansThatShareSoMuchThatTogetherTheyAreOverTheLimitAreRefused() throws Exception {
    // A few megabytes on the wire: each of the spans has the ten long texts of its resource.
    HttpResponse<byte[]> response = send("/v1/traces", body(30_000, 10, 10));

    assertEquals(413, response.statusCode(), text(response));
    assertTrue(text(response).contains("send fewer spans"), text(response));
    assertEquals(0, stored());
  }

  @Test
  void aLargeRequestThatComesAgainUnderItsKeyIsKeptOnce() throws Exception {
    byte[] body = logs(10_000, 4);

    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response = send("/v1/logs", body, "Idempotency-Key", "k".repeat(200));
      assertEquals(200, response.statusCode(), text(response));
    }

    assertEquals(10_000, stored());
  }

  /** Log records have no ids: only the key tells that they came before. */
  private static byte[] logs(int records, int shared) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    long now = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond());
    for (int i = 0; i < records; i++) {
      scope.addLogRecords(LogRecord.newBuilder().setTimeUnixNano(now + i));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder().setResource(resource(shared)).addScopeLogs(scope))
        .build()
        .toByteArray();
  }

  private static Resource resource(int shared) {
    Resource.Builder resource = Resource.newBuilder().addAttributes(text("service.name", "shop"));
    for (int i = 0; i < shared; i++) {
      resource.addAttributes(text("shared." + i, "s".repeat(1_000)));
    }
    return resource.build();
  }

  /** So many spans, each with a text of its own, under a resource with so many texts. */
  private static byte[] body(int spans, int textBytes, int shared) {
    long now = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond());
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < spans; i++) {
      String own = i + "-".repeat(textBytes);
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(id(16, i + 1))
              .setSpanId(id(8, i + 1))
              .setName("buy")
              .setStartTimeUnixNano(now + i)
              .setEndTimeUnixNano(now + i + 1_000_000)
              .addAttributes(text("note", own.substring(0, textBytes))));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().setResource(resource(shared)).addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static ByteString id(int bytes, int number) {
    return ByteString.copyFrom(ByteBuffer.allocate(bytes).putInt(bytes - 4, number).array());
  }

  private HttpResponse<byte[]> send(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api.server().resolve(path))
            .header("Content-Type", "application/x-protobuf");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private long stored() {
    JsonNode datasets = api.get("/api/v1/store").path("datasets");
    return datasets.path("shop").path("events").asLong();
  }
}
