package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtlpMetricsIT {
  private static final String[] JSON = {"Content-Type", "application/json"};
  private static final Attributes RETAIL =
      Attributes.builder().put("customer_id", "retail").build();

  private final Edge edge = new Edge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void takesCumulativeMetricsOfTheRealSdkOverHttp() {
    checkMetricsOfTheRealSdk(
        OtlpHttpMetricExporter.builder()
            .setEndpoint(edge.uri("/v1/metrics").toString())
            .setCompression("gzip")
            .build(),
        7);
  }

  @Test
  void takesDeltaMetricsOfTheRealSdkOverGrpc() {
    checkMetricsOfTheRealSdk(
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(edge.uri("").toString())
            .setCompression("gzip")
            .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred())
            .build(),
        4);
  }

  /** Counts 3, exports, counts 4 more, exports. */
  private void checkMetricsOfTheRealSdk(MetricExporter exporter, long secondCount) {
    Resource resource =
        Resource.create(
            Attributes.builder()
                .put("service.name", "query-api")
                .put("host.name", "query-api-7")
                .build());
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerView(
                InstrumentSelector.builder().setName("payload").build(),
                View.builder()
                    .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                    .build())
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofDays(1)).build())
            .build()) {
      Meter meter = provider.meterBuilder("library").setInstrumentationVersion("1.0").build();
      LongCounter queries = meter.counterBuilder("queries").build();
      queries.add(3, RETAIL);
      meter.upDownCounterBuilder("open").ofDoubles().build().add(-1.5, RETAIL);
      meter.gaugeBuilder("heap").buildWithCallback(gauge -> gauge.record(0.25, RETAIL));
      var latency = meter.histogramBuilder("latency").build();
      var payload = meter.histogramBuilder("payload").build();
      for (int i = 1; i <= 100; i++) {
        latency.record(i, RETAIL);
        payload.record(i, RETAIL);
      }
      queries.add(5, Attributes.builder().put("customer_id", "corner shop").build());
      assertTrue(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess(), "not exported");
      queries.add(4, RETAIL);
      assertTrue(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess(), "not exported");
    }

    List<Event> retail =
        edge.store.events("query-api").stream()
            .filter(event -> Value.of("retail").equals(event.field("customer_id")))
            .toList();
    Event first = retail.getFirst();
    assertFields(
        first,
        Map.ofEntries(
            Map.entry("queries", Value.of(3)),
            Map.entry("open", Value.number(-1.5)),
            Map.entry("heap", Value.number(0.25)),
            Map.entry("latency.count", Value.of(100)),
            Map.entry("latency.sum", Value.of(5050)),
            Map.entry("latency.avg", Value.number(50.5)),
            Map.entry("latency.min", Value.of(1)),
            Map.entry("latency.max", Value.of(100)),
            Map.entry("latency.p50", Value.of(50)),
            Map.entry("payload.count", Value.of(100)),
            Map.entry("payload.avg", Value.number(50.5)),
            Map.entry("payload.max", Value.of(100)),
            Map.entry("service.name", Value.of("query-api")),
            Map.entry("host.name", Value.of("query-api-7")),
            Map.entry("library.name", Value.of("library")),
            Map.entry("library.version", Value.of("1.0")),
            Map.entry("meta.signal_type", Value.of("metric"))));
    assertEquals(1, first.sampleRate());
    Value p90 = first.field("payload.p90");
    assertNotNull(p90);
    assertEquals(90, p90.asDouble(), 1, "the estimate of an exponential histogram");
    assertEquals(Value.of(secondCount), retail.get(1).field("queries"));
    assertTrue(
        edge.store.events("query-api").stream()
            .anyMatch(
                event ->
                    Value.of("corner shop").equals(event.field("customer_id"))
                        && Value.of(5).equals(event.field("queries"))
                        && event.field("heap") == null));
  }

  /** A clock that stands where it is put. */
  private static final class StandingClock implements Clock {
    private final AtomicLong nanos = new AtomicLong();

    void set(Instant time) {
      nanos.set(TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano());
    }

    @Override
    public long now() {
      return nanos.get();
    }

    @Override
    public long nanoTime() {
      return nanos.get();
    }
  }

  @Test
  void answersTheRateOfACumulativeCounterForEachOfItsSeries() {
    Instant start = Instant.parse("2026-03-01T11:00:00Z");
    Attributes wholesale = Attributes.builder().put("customer_id", "wholesale").build();
    StandingClock clock = new StandingClock();
    clock.set(start);
    var exporter =
        OtlpHttpMetricExporter.builder().setEndpoint(edge.uri("/v1/metrics").toString()).build();
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setClock(clock)
            .setResource(
                Resource.create(Attributes.builder().put("service.name", "query-api").build()))
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofDays(1)).build())
            .build()) {
      LongCounter queries = provider.get("library").counterBuilder("queries").build();
      for (int minute = 0; minute < 3; minute++) {
        clock.set(start.plus(Duration.ofMinutes(minute)));
        queries.add(10L * (minute + 1), RETAIL);
        queries.add(7, wholesale);
        assertTrue(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess(), "not exported");
      }
      clock.set(start.plus(Duration.ofDays(1))); // closing exports once more
    }

    JsonNode rates =
        query(
            """
            {"calculations": [{"op": "RATE_SUM", "column": "queries"}],
             "breakdowns": ["customer_id"], "granularity": 60,
             "filters": [{"column": "meta.signal_type", "op": "=", "value": "metric"}],
             "start_time": %d, "end_time": %d}"""
                .formatted(start.getEpochSecond(), start.plusSeconds(180).getEpochSecond()));

    assertEquals(List.of("null", "20", "30"), rates(rates, "retail"), rates.toString());
    assertEquals(List.of("null", "7", "7"), rates(rates, "wholesale"), rates.toString());
  }

  private JsonNode query(String query) {
    HttpResponse<byte[]> made = edge.post("/1/queries/query-api", query);
    assertEquals(201, made.statusCode(), Edge.text(made));
    HttpResponse<byte[]> result =
        edge.post(
            "/1/query_results/query-api",
            "{\"query_id\": \"%s\"}".formatted(Edge.json(made).get("id").asText()));
    assertEquals(201, result.statusCode(), Edge.text(result));
    return Edge.json(result).get("data");
  }

  /** The points of the customer's series, oldest first. */
  private static List<String> rates(JsonNode data, String customer) {
    List<String> rates = new ArrayList<>();
    for (JsonNode point : data.get("series")) {
      if (point.get("data").get("customer_id").asText().equals(customer)) {
        rates.add(point.get("data").get("RATE_SUM(queries)").asText());
      }
    }
    return rates;
  }

  private static void assertFields(Event event, Map<String, Value> expected) {
    expected.forEach((name, value) -> assertEquals(value, event.field(name), name));
  }

  private static String request(String metrics) {
    return """
        {"resourceMetrics": [{"resource": {"attributes": [
           {"key": "service.name", "value": {"stringValue": "shop"}}]},
         "scopeMetrics": [{"scope": {"name": "my.library"}, "metrics": [%s]}]}]}"""
        .formatted(metrics);
  }

  private static String gauge(String name, String point) {
    return "{\"name\": \"%s\", \"gauge\": {\"dataPoints\": [{%s}]}}".formatted(name, point);
  }

  @Test
  void joinsThePointsOfOneSecondWithTheSameAttributes() {
    String blue =
        "\"attributes\": [{\"key\": \"colour\", \"value\": {\"stringValue\": \"blue\"}}], ";
    HttpResponse<byte[]> response =
        edge.post(
            "/v1/metrics",
            request(
                String.join(
                    ",",
                    gauge("a", "\"timeUnixNano\": \"1544712660300000000\", \"asInt\": \"1\""),
                    gauge("b", "\"timeUnixNano\": \"1544712660900000000\", \"asDouble\": 2.5"),
                    gauge("c", "\"timeUnixNano\": \"1544712661000000000\", \"asInt\": \"3\""),
                    gauge("d", blue + "\"timeUnixNano\": \"1544712660300000000\", \"asInt\": 4"),
                    gauge("a", "\"timeUnixNano\": \"1544712660950000000\", \"asInt\": \"5\""))),
            JSON);

    assertEquals("{}", Edge.text(response));
    List<Event> events = edge.store.events("shop");
    assertEquals(4, events.size(), events.toString());
    assertEquals(Instant.parse("2018-12-13T14:51:00.300Z"), events.getFirst().time());
    assertFields(events.getFirst(), Map.of("a", Value.of(1), "b", Value.number(2.5)));
    assertFields(events.get(1), Map.of("c", Value.of(3)));
    assertFields(events.get(2), Map.of("d", Value.of(4), "colour", Value.of("blue")));
    assertFields(events.get(3), Map.of("a", Value.of(5)));
    assertNull(events.get(3).field("b"));
  }

  @Test
  void takesASummaryWithItsQuantiles() {
    edge.post(
        "/v1/metrics",
        request(
            """
            {"name": "gc", "summary": {"dataPoints": [{"timeUnixNano": "1544712660300000000",
              "count": "4", "sum": 10, "quantileValues": [
                {"quantile": 0, "value": 1}, {"quantile": 0.5, "value": 2},
                {"quantile": 0.9999, "value": 3.5}, {"quantile": 0.99, "value": "NaN"},
                {"quantile": 1, "value": 4}]}]}}"""),
        JSON);

    Event event = edge.store.events("shop").getFirst();
    assertFields(
        event,
        Map.of(
            "gc.count", Value.of(4),
            "gc.sum", Value.of(10),
            "gc.avg", Value.number(2.5),
            "gc.min", Value.of(1),
            "gc.p50", Value.of(2),
            "gc.p9999", Value.number(3.5),
            "gc.max", Value.of(4)));
    assertNull(event.field("gc.p99"));
  }

  @Test
  void storesTheGoodPointsAndCountsTheBad() throws Exception {
    HttpResponse<byte[]> response =
        edge.post(
            "/v1/metrics",
            request(
                String.join(
                    ",",
                    gauge("good", "\"timeUnixNano\": \"1544712660300000000\", \"asInt\": \"1\""),
                    gauge("late", "\"timeUnixNano\": \"18446744073709551615\", \"asInt\": \"1\""),
                    gauge("empty", "\"timeUnixNano\": \"1544712660300000000\""),
                    gauge("", "\"timeUnixNano\": \"1544712660300000000\", \"asInt\": \"1\""),
                    gauge("ended", "\"timeUnixNano\": \"1544712660300000000\", \"flags\": 1"),
                    "{\"name\": \"new\", \"kindOfTomorrow\": {}}",
                    """
                    {"name": "odd", "histogram": {"dataPoints": [{"count": 2,
                      "bucketCounts": [1, 1], "explicitBounds": [1, 2]}]}}""")),
            JSON);

    assertEquals(200, response.statusCode(), Edge.text(response));
    var partial = Edge.json(response).get("partialSuccess");
    assertEquals("5", partial.get("rejectedDataPoints").asText(), partial.toString());
    assertTrue(partial.get("errorMessage").asText().contains("18446744073709551615"));
    assertEquals(1, edge.store.events("shop").size());
    assertEquals(Value.of(1), edge.store.events("shop").getFirst().field("good"));
  }

  @Test
  void saysInProtobufWhatItTurnedDown() throws Exception {
    var metric =
        io.opentelemetry.proto.metrics.v1.Metric.newBuilder()
            .setName("nothing")
            .setGauge(
                io.opentelemetry.proto.metrics.v1.Gauge.newBuilder()
                    .addDataPoints(io.opentelemetry.proto.metrics.v1.NumberDataPoint.newBuilder()));
    byte[] body =
        io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                io.opentelemetry.proto.metrics.v1.ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        io.opentelemetry.proto.metrics.v1.ScopeMetrics.newBuilder()
                            .addMetrics(metric)))
            .build()
            .toByteArray();

    HttpResponse<byte[]> response =
        edge.send("POST", "/v1/metrics", body, "Content-Type", "application/x-protobuf");

    var partial = ExportMetricsServiceResponse.parseFrom(response.body()).getPartialSuccess();
    assertEquals(1, partial.getRejectedDataPoints());
    assertTrue(partial.getErrorMessage().contains("nothing has no value"), partial.toString());
    assertEquals(Map.of(), edge.store.datasets());
  }

  @Test
  void makesAnotherEventForMetricsBeyondTheFieldsOfOne() {
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < firebreak.eventstore.Limits.FIELDS_PER_EVENT; i++) {
      metrics.append(i == 0 ? "" : ",").append(gauge("m" + i, "\"asInt\": \"1\""));
    }

    HttpResponse<byte[]> response = edge.post("/v1/metrics", request(metrics.toString()), JSON);

    assertEquals("{}", Edge.text(response));
    assertEquals(2, edge.store.events("shop").size());
  }
}
