package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpIT {
  private static final String[] PROTOBUF = {"Content-Type", "application/x-protobuf"};
  private static final String[] JSON = {"Content-Type", "application/json"};

  private final Edge edge = new Edge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void takesSpansOfTheRealSdkOverHttp() {
    checkSpansOfTheRealSdk(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(edge.uri("/v1/traces").toString())
            .setCompression("gzip")
            .build());
  }

  @Test
  void takesSpansOfTheRealSdkOverGrpc() {
    checkSpansOfTheRealSdk(
        OtlpGrpcSpanExporter.builder().setEndpoint(edge.uri("").toString()).build());
  }

  @Test
  void takesCompressedSpansOfTheRealSdkOverGrpc() {
    checkSpansOfTheRealSdk(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(edge.uri("").toString())
            .setCompression("gzip")
            .build());
  }

  private void checkSpansOfTheRealSdk(SpanExporter exporter) {
    AttributeKey<String> key = AttributeKey.stringKey("feature_flag.key");
    Instant start = Instant.parse("2026-03-01T11:59:00Z");
    Resource resource =
        Resource.create(
            Attributes.builder()
                .put("service.name", "query-api")
                .put("service.version", "8812")
                .build());
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Span span =
          provider
              .get("library")
              .spanBuilder("query")
              .setSpanKind(SpanKind.SERVER)
              .setStartTimestamp(start)
              .setAttribute("customer_id", "retail")
              .setAttribute("SampleRate", 5)
              .startSpan();
      span.addEvent(
          "feature_flag.evaluation",
          Attributes.builder()
              .put(key, "short-cache")
              .put("feature_flag.result.variant", "true")
              .build(),
          start.plusMillis(3));
      span.addEvent(
          "feature_flag",
          Attributes.builder()
              .put(key, "wide-range")
              .put("feature_flag.result.variationIndex", 1)
              .build(),
          start.plusMillis(4));
      span.recordException(new IllegalStateException("cache is cold"));
      span.setStatus(StatusCode.ERROR, "too slow");
      span.end(start.plusMillis(2500));
      assertTrue(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess(), "not exported");
    }

    List<Event> events = edge.store.events("query-api");
    assertEquals(4, events.size());
    Event span = events.getFirst();
    assertEquals(start, span.time());
    assertEquals(5, span.sampleRate());
    assertFields(
        span,
        Map.ofEntries(
            Map.entry("name", Value.of("query")),
            Map.entry("duration_ms", Value.of(2500)),
            Map.entry("span.kind", Value.of("server")),
            Map.entry("status_code", Value.of(2)),
            Map.entry("status_message", Value.of("too slow")),
            Map.entry("error", Value.of(true)),
            Map.entry("customer_id", Value.of("retail")),
            Map.entry("service.name", Value.of("query-api")),
            Map.entry("service.version", Value.of("8812")),
            Map.entry("library.name", Value.of("library")),
            Map.entry("flag.short-cache", Value.of("true")),
            Map.entry("flag.wide-range", Value.of("1")),
            Map.entry("exception.message", Value.of("cache is cold")),
            Map.entry("meta.signal_type", Value.of("trace"))));
    assertNull(span.field("SampleRate"));
    assertNull(span.field("trace.parent_id"));
    Event evaluation = events.get(1);
    assertEquals(start.plusMillis(3), evaluation.time());
    assertEquals(5, evaluation.sampleRate());
    assertFields(
        evaluation,
        Map.of(
            "name", Value.of("feature_flag.evaluation"),
            "meta.annotation_type", Value.of("span_event"),
            "parent_name", Value.of("query"),
            "service.version", Value.of("8812"),
            "meta.time_since_span_start_ms", Value.of(3)));
    assertEquals(span.field("trace.span_id"), evaluation.field("trace.parent_id"));
    assertEquals(span.field("trace.trace_id"), evaluation.field("trace.trace_id"));
  }

  private static void assertFields(Event event, Map<String, Value> expected) {
    expected.forEach((name, value) -> assertEquals(value, event.field(name), name));
  }

  private static final String TRACE =
      """
      {"resourceSpans": [{"resource": {"attributes": [
         {"key": "service.name", "value": {"stringValue": "my.service"}}]},
       "scopeSpans": [{"scope": {"name": "my.library", "version": "1.0.0"}, "newField": {"x": [1]},
       "spans": [{"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
         "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
         "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000",
         "kind": 2, "attributes": [
           {"key": "list", "value": {"arrayValue": {"values": [{"intValue": "1"}]}}},
           {"key": "map", "value": {"kvlistValue": {"values": [
              {"key": "deep", "value": {"doubleValue": 1.5}}]}}}],
         "links": [{"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "00000000000000AA"}]
       }]}]}]}""";

  @Test
  void takesOtlpJsonWithItsHexIds() {
    HttpResponse<byte[]> response = edge.post("/v1/traces", TRACE, JSON);

    assertEquals(200, response.statusCode(), Edge.text(response));
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("{}", Edge.text(response));
    List<Event> events = edge.store.events("my.service");
    assertEquals(2, events.size());
    assertEquals(Instant.parse("2018-12-13T14:51:00Z"), events.getFirst().time());
    assertFields(
        events.getFirst(),
        Map.of(
            "trace.trace_id", Value.of("5b8efff798038103d269b633813fc60c"),
            "trace.span_id", Value.of("eee19b7ec3c1b174"),
            "trace.parent_id", Value.of("eee19b7ec3c1b173"),
            "span.kind", Value.of("server"),
            "duration_ms", Value.of(1000),
            "library.version", Value.of("1.0.0"),
            "list", Value.of("[1]"),
            "map.deep", Value.number(1.5)));
    assertFields(
        events.get(1),
        Map.of(
            "trace.link.span_id", Value.of("00000000000000aa"),
            "trace.parent_id", Value.of("eee19b7ec3c1b174"),
            "meta.annotation_type", Value.of("link")));
  }

  @Test
  void takesALogRecordAndTheFlagItTellsOf() throws Exception {
    HttpResponse<byte[]> response =
        edge.post(
            "/v1/logs",
            """
            {"resourceLogs": [{"scopeLogs": [{"logRecords": [
              {"timeUnixNano": "1544712660300000000", "severityNumber": 10, "severityText": "Info",
               "spanId": "EEE19B7EC3C1B174", "body": {"stringValue": "Example"},
               "eventName": "feature_flag.evaluation", "attributes": [
                 {"key": "feature_flag.key", "value": {"stringValue": "short-cache"}},
                 {"key": "feature_flag.result.value", "value": {"boolValue": true}}]}]}]}]}""",
            JSON);

    assertEquals(200, response.statusCode(), Edge.text(response));
    assertEquals(0, ExportLogsServiceResponse.parseFrom(new byte[0]).getSerializedSize());
    Event log = edge.store.events("unknown_service").getFirst();
    assertEquals(Instant.parse("2018-12-13T14:51:00.300Z"), log.time());
    assertFields(
        log,
        Map.of(
            "body", Value.of("Example"),
            "severity", Value.of("info"),
            "severity_text", Value.of("Info"),
            "severity_code", Value.of(10),
            "trace.parent_id", Value.of("eee19b7ec3c1b174"),
            "flag.short-cache", Value.of("true"),
            "meta.signal_type", Value.of("log")));
  }

  private static final String EVALUATION =
      """
      {"resourceLogs": [{"scopeLogs": [{"logRecords": [
        {"timeUnixNano": "1544712660300000000", "eventName": "feature_flag.evaluation",
         "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
         "attributes": [
           {"key": "feature_flag.key", "value": {"stringValue": "short-cache"}},
           {"key": "feature_flag.result.variant", "value": {"stringValue": "on"}}]}]}]}]}""";

  @Test
  void putsAFlagThatALogRecordToldOfOnItsSpanWhenThatComes() {
    edge.post("/v1/logs", EVALUATION, JSON);
    edge.post("/v1/traces", TRACE, JSON);
    edge.post("/v1/traces", TRACE, JSON);

    List<Event> spans =
        edge.store.events("my.service").stream()
            .filter(event -> event.field("trace.span_id") != null)
            .toList();
    assertEquals(
        List.of(Value.of("on"), Value.of("on")),
        spans.stream().map(event -> event.field("flag.short-cache")).toList(),
        "the span and the same one sent again");
  }

  @Test
  void leavesAFlagOnTheLogRecordWhoseSpanIsStoredAlready() {
    edge.post("/v1/traces", TRACE, JSON);
    edge.post("/v1/logs", EVALUATION, JSON);

    assertNull(edge.store.events("my.service").getFirst().field("flag.short-cache"));
    assertEquals(
        Value.of("on"), edge.store.events("unknown_service").getFirst().field("flag.short-cache"));
  }

  @Test
  void marksTheAnnotationsOfAFailedSpanAndThoseBeforeItsStart() {
    edge.post(
        "/v1/traces",
        TRACE.replace(
            "\"links\":",
            """
            "status": {"code": 2}, "events": [
              {"name": "early", "timeUnixNano": "1544712659000000000"}], "links":"""),
        JSON);

    List<Event> events = edge.store.events("my.service");
    assertFields(
        events.get(1),
        Map.of(
            "name", Value.of("early"),
            "error", Value.of(true),
            "meta.time_since_span_start_ms", Value.of(0),
            "meta.invalid_time_since_span_start", Value.of(true)));
    assertFields(events.get(2), Map.of("error", Value.of(true)));
  }

  @Test
  void saysHowSafeTheLeastSafeEventsAreAndKeepsARequestOnceForItsKey() {
    edge.store.acknowledgeAsFast("my.service");
    String two =
        TRACE.replace(
            "{\"resourceSpans\": [",
            "{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{\"name\": \"other\"}]}]},");

    HttpResponse<byte[]> response =
        edge.post("/v1/traces", two, "Content-Type", "application/json", "Idempotency-Key", "k");
    edge.post("/v1/traces", two, "Content-Type", "application/json", "Idempotency-Key", "k");

    assertEquals("async", response.headers().firstValue("X-Durability").orElseThrow());
    assertEquals(Map.of("my.service", 2L, "unknown_service", 1L), edge.store.datasets());
  }

  @Test
  void putsEverythingIntoTheDatasetThatTheHeaderNames() {
    edge.post(
        "/v1/traces", TRACE, "Content-Type", "application/json", "X-Honeycomb-Dataset", "mine");

    assertEquals(Map.of("mine", 2L), edge.store.datasets());
  }

  @Test
  void storesTheGoodSpansAndCountsTheBad() throws Exception {
    var good = io.opentelemetry.proto.trace.v1.Span.newBuilder().setName("good");
    var bad = good.clone().setName("bad").setStartTimeUnixNano(-1);
    byte[] body = request(good.build(), bad.build()).toByteArray();

    HttpResponse<byte[]> response = edge.send("POST", "/v1/traces", body, PROTOBUF);

    assertEquals(200, response.statusCode());
    var partial = ExportTraceServiceResponse.parseFrom(response.body()).getPartialSuccess();
    assertEquals(1, partial.getRejectedSpans());
    assertTrue(partial.getErrorMessage().contains("18446744073709551615"), partial.toString());
    List<Event> events = edge.store.events("unknown_service");
    assertEquals(1, events.size());
    assertFields(
        events.getFirst(),
        Map.of("name", Value.of("good"), "meta.invalid_duration", Value.of(true)));
  }

  @Test
  void leavesPartialSuccessUnsetWhenAllIsWell() throws Exception {
    byte[] body =
        request(io.opentelemetry.proto.trace.v1.Span.newBuilder().setName("good").build())
            .toByteArray();

    HttpResponse<byte[]> response = edge.send("POST", "/v1/traces", body, PROTOBUF);

    assertEquals(0, response.body().length);
  }

  @Test
  void answersATruncatedMessageWithAStatusInProtobuf() throws Exception {
    byte[] body =
        request(
                io.opentelemetry.proto.trace.v1.Span.newBuilder()
                    .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                    .setName("query")
                    .build())
            .toByteArray();

    HttpResponse<byte[]> response =
        edge.send("POST", "/v1/traces", Arrays.copyOf(body, body.length - 3), PROTOBUF);

    assertEquals(400, response.statusCode());
    assertEquals(PROTOBUF[1], response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(8, response.body()[0], "the code, field 1");
    assertTrue(Edge.text(response).contains("not the protobuf message"), Edge.text(response));
  }

  @Test
  void saysWhereOtlpJsonIsWrong() {
    HttpResponse<byte[]> response =
        edge.post("/v1/traces", TRACE.replace("EEE19B7EC3C1B174", "not hex"), JSON);

    assertEquals(400, response.statusCode());
    assertTrue(
        Edge.json(response).get("message").asText().startsWith("spanId at line 4"),
        Edge.text(response));
  }

  @ParameterizedTest
  @CsvSource({"5000, 0", "1, 5000"})
  void refusesARequestWhoseEventsWouldBeManyTimesAsLarge(int count, int events) {
    var resource = io.opentelemetry.proto.resource.v1.Resource.newBuilder();
    for (int i = 0; i < 900; i++) {
      resource.addAttributes(
          KeyValue.newBuilder()
              .setKey("attribute." + i)
              .setValue(AnyValue.newBuilder().setIntValue(i)));
    }
    var spans = ScopeSpans.newBuilder();
    var span = io.opentelemetry.proto.trace.v1.Span.newBuilder().setName("a");
    for (int i = 0; i < events; i++) {
      span.addEvents(io.opentelemetry.proto.trace.v1.Span.Event.newBuilder().setName("e"));
    }
    for (int i = 0; i < count; i++) {
      spans.addSpans(span);
    }
    byte[] body =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans))
            .build()
            .toByteArray();

    HttpResponse<byte[]> response = edge.send("POST", "/v1/traces", body, PROTOBUF);

    assertEquals(413, response.statusCode(), Edge.text(response));
    assertTrue(Edge.text(response).contains("send fewer"), Edge.text(response));
    assertEquals(Map.of(), edge.store.datasets());
  }

  @Test
  void refusesAContentTypeItDoesNotKnow() {
    HttpResponse<byte[]> response =
        edge.post("/v1/traces", "<xml/>", "Content-Type", "application/xml");

    assertEquals(415, response.statusCode());
    assertTrue(Edge.text(response).contains("application/x-protobuf"), Edge.text(response));
  }

  @Test
  void tellsTheClientToComeAgainWhenTheStoreFails() {
    edge.store.failWith(new java.io.UncheckedIOException(new java.io.IOException("disk full")));

    HttpResponse<byte[]> response = edge.post("/v1/traces", TRACE, JSON);

    assertEquals(503, response.statusCode());
    assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(!Edge.text(response).contains("disk full"), Edge.text(response));
  }

  private static ExportTraceServiceRequest request(io.opentelemetry.proto.trace.v1.Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(Arrays.asList(spans))))
        .build();
  }
}
