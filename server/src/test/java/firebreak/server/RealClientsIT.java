package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.FakeLaunchDarkly;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients of other makers, as they are, against one running service: what they send is in its
 * answers. (More of them: {@link HoneycombIT}, {@link OtlpIT}, {@link LaunchDarklyLoopIT}.)
 */
class RealClientsIT {
  @TempDir static Path folder;

  private static App app;
  private static Api api;

  @BeforeAll
  static void start() throws IOException {
    Scene scene = Scene.in(folder);
    Config config =
        scene.config(
            """
            listen: 127.0.0.1:0
            webhooks: {alertmanager: {secrets: [{file: ./github.secret}]}}
            """);
    app = App.start(config, InstantSource.system());
    api = new Api(app.port());
  }

  @AfterAll
  static void stop() {
    api.close();
    app.close();
  }

  @Test
  void theJavaAgentTellsOfAnApplicationThatKnowsNothingOfIt() throws Exception {
    try (Child overHttp = shop("agent-http", "http/protobuf");
        Child overGrpc = shop("agent-grpc", "grpc")) {
      // Figures of the JVM are sent from time to time, and no more when it ends.
      awaitMemory("agent-http");
      awaitMemory("agent-grpc");
      for (Child shop : List.of(overHttp, overGrpc)) {
        shop.endInput();
        assertEquals(0, shop.exitCode(120), shop.output());
      }
    }
    for (String dataset : List.of("agent-http", "agent-grpc")) {
      checkSpansOfTheShop(dataset);
      checkLogsOfTheShop(dataset);
      checkMetricsOfTheShop(dataset);
    }
  }

  private static void awaitMemory(String dataset) {
    String question =
        """
        {"calculations": [{"op": "MAX", "column": "jvm.memory.used"}],
         "filters": [{"column": "meta.signal_type", "op": "=", "value": "metric"}]}""";
    api.await(
        dataset + " tells of its memory",
        Duration.ofMinutes(2),
        () ->
            query(dataset, question).stream()
                .map(row -> row.path("MAX(jvm.memory.used)").asLong())
                .filter(bytes -> bytes > 1_000_000)
                .findFirst());
  }

  /** The application with the agent on it. */
  private static Child shop(String service, String protocol) throws IOException {
    String agent =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> path.contains("opentelemetry-javaagent"))
            .findFirst()
            .orElseThrow();
    String classes =
        ShopApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    ProcessBuilder program =
        new ProcessBuilder(
            Child.JAVA,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-javaagent:" + agent,
            "-cp",
            classes,
            ShopApplication.class.getName());
    Map<String, String> environment = program.environment();
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", api.server().toString());
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    environment.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    environment.put("OTEL_METRIC_EXPORT_INTERVAL", "1000");
    environment.put("OTEL_SERVICE_NAME", service);
    environment.put(
        "OTEL_RESOURCE_ATTRIBUTES",
        "service.version=build-123,deployment.environment.name=test,vcs.ref.head.revision=c0ffee");
    // All that the application has; looking for the many libraries that it has not takes seconds.
    environment.put("OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED", "false");
    for (String used :
        List.of("JAVA_HTTP_SERVER", "JAVA_HTTP_CLIENT", "JAVA_UTIL_LOGGING", "RUNTIME_TELEMETRY")) {
      environment.put("OTEL_INSTRUMENTATION_" + used + "_ENABLED", "true");
    }
    return Child.start(folder.resolve(service), program);
  }

  private static void checkSpansOfTheShop(String dataset) {
    List<JsonNode> sales = events(dataset, Map.of("span.kind", "server", "url.path", "/checkout"));
    assertEquals(ShopApplication.BOOKS, sales.size(), dataset + ": " + sales);
    for (JsonNode sale : sales) {
      assertFields(
          Map.of(
              "name", "GET /checkout",
              "http.request.method", "GET",
              "http.response.status_code", 200,
              "service.name", dataset,
              "service.version", "build-123",
              "deployment.environment.name", "test",
              "vcs.ref.head.revision", "c0ffee",
              "telemetry.sdk.language", "java",
              "meta.signal_type", "trace",
              "status_code", 0),
          sale);
      assertTrue(sale.path("duration_ms").asDouble() > 0, sale.toString());
      // Within it the shop asks itself: a client's span, and the server's span below that.
      String trace = sale.path("trace.trace_id").asText();
      JsonNode asks = only(events(dataset, Map.of("trace.trace_id", trace, "url.path", "/price")));
      JsonNode call =
          only(
              events(
                  dataset,
                  Map.of(
                      "trace.parent_id",
                      sale.path("trace.span_id").asText(),
                      "meta.signal_type",
                      "trace")));
      assertEquals("client", call.path("span.kind").asText(), call.toString());
      assertEquals(
          call.path("trace.span_id").asText(), asks.path("trace.parent_id").asText(), "" + asks);
    }
  }

  private static void checkLogsOfTheShop(String dataset) {
    List<JsonNode> sold = events(dataset, Map.of("body", "sold a book for 12"));
    assertEquals(ShopApplication.BOOKS, sold.size(), dataset + ": " + sold);
    Set<String> sales =
        events(dataset, Map.of("span.kind", "server", "url.path", "/checkout")).stream()
            .map(sale -> sale.path("trace.span_id").asText())
            .collect(Collectors.toSet());
    assertEquals(
        sales,
        sold.stream().map(log -> log.path("trace.parent_id").asText()).collect(Collectors.toSet()),
        "each is told of within its own sale");
    assertFields(
        Map.of("severity", "info", "library.name", "shop", "meta.signal_type", "log"),
        sold.getFirst());
    assertFields(
        Map.of("severity", "warn", "exception.message", "no more books"),
        only(events(dataset, Map.of("body", "closing"))));
  }

  private static void checkMetricsOfTheShop(String dataset) {
    List<JsonNode> routes =
        query(
            dataset,
            """
            {"calculations": [{"op": "MAX", "column": "http.server.request.duration.count"}],
             "breakdowns": ["http.route"], "filters": [{"column": "http.route", "op": "exists"}]}""");
    assertEquals(
        Set.of("/checkout", "/price"),
        routes.stream().map(row -> row.path("http.route").asText()).collect(Collectors.toSet()));
    for (JsonNode row : routes) {
      assertFields(Map.of("MAX(http.server.request.duration.count)", ShopApplication.BOOKS), row);
    }
  }

  @Test
  void theSdkForJavaScriptSpeaksJsonProtobufAndGrpc() throws Exception {
    NodeClients.run("opentelemetry.mjs", api.server().toString());

    for (String way : List.of("json", "protobuf", "grpc")) {
      JsonNode sale = only(events("js-shop", Map.of("way", way, "name", "checkout")));
      assertFields(
          Map.of(
              "span.kind", "server",
              "customer_id", "retail",
              "items", 3,
              "tags", "[\"a\",\"b\"]",
              "total", 12.5,
              "service.version", "build-7",
              "deployment.environment.name", "test",
              "library.name", "shop",
              "library.version", "2.1",
              "span.num_links", 1),
          sale);
      JsonNode charge = only(events("js-shop", Map.of("way", way, "name", "charge")));
      assertFields(
          Map.of(
              "span.kind",
              "client",
              "error",
              true,
              "status_code",
              2,
              "status_message",
              "no charge",
              "exception.message",
              "card declined",
              "trace.parent_id",
              sale.path("trace.span_id").asText(),
              "trace.trace_id",
              sale.path("trace.trace_id").asText(),
              "span.num_events",
              2),
          charge);
      String trace = sale.path("trace.trace_id").asText();
      assertFields(
          Map.of("code", 51, "meta.annotation_type", "span_event", "parent_name", "charge"),
          only(events("js-shop", Map.of("trace.trace_id", trace, "name", "declined"))));
      assertFields(
          Map.of("why", "retry", "trace.parent_id", sale.path("trace.span_id").asText()),
          only(events("js-shop", Map.of("trace.trace_id", trace, "meta.annotation_type", "link"))));
    }
    assertFields(
        Map.of("severity", "warn", "sku", "A-1", "left", 2, "meta.signal_type", "log"),
        only(events("js-shop", Map.of("body", "stock is low"))));
    assertFields(
        Map.of("orders", 4, "payment.count", 1, "payment.sum", 250, "payment.max", 250),
        only(events("js-shop", Map.of("region", "north"))));
  }

  @Test
  void libhoneyForJavaScriptIsToldThatEachEventIsTaken() throws Exception {
    List<String> statuses = NodeClients.run("libhoney.mjs", api.server().toString());

    assertEquals(List.of("202", "202", "202"), statuses);
    JsonNode row =
        only(
            query(
                "js honey",
                """
                {"calculations": [{"op": "COUNT"}, {"op": "SUM", "column": "row"},
                                  {"op": "AVG", "column": "duration_ms"}],
                 "breakdowns": ["customer_id", "nested.deep"]}"""));
    assertFields(
        Map.of(
            "customer_id",
            "retail",
            "nested.deep",
            true,
            "COUNT",
            3,
            "SUM(row)",
            3,
            "AVG(duration_ms)",
            12.5),
        row);
  }

  @Test
  void launchDarklysHookForNodePutsTheFlagsOnTheSpanThatAskedForThem() throws Exception {
    try (FakeLaunchDarkly launchDarkly = FakeLaunchDarkly.start()) {
      launchDarkly.addFlag(flag("short-cache", "[true, false]"));
      launchDarkly.addFlag(flag("button", "[\"blue\", \"green\"]"));
      launchDarkly.addFlag(flag("shards", "[8, 4]"));

      NodeClients.run(
          "launchdarkly.mjs",
          api.server().toString(),
          launchDarkly.uri().toString(),
          FakeLaunchDarkly.SDK_KEY);
    }

    // As text and without quotes, as the flags' own file and every other teller have them.
    assertFields(
        Map.of("flag.short-cache", "true", "flag.button", "blue", "flag.shards", "8"),
        only(events("js-flags", Map.of("name", "query", "customer_id", "retail"))));
    assertFields(
        Map.of("flag.short-cache", "false", "flag.button", "green", "flag.shards", "4"),
        only(events("js-flags", Map.of("name", "query", "customer_id", "nimbus"))));
    assertFields(
        Map.of("feature_flag.provider.name", "LaunchDarkly", "parent_name", "query"),
        events("js-flags", Map.of("name", "feature_flag")).getFirst());
  }

  /** The first variation for retail, the second for everybody else. */
  private static String flag(String key, String variations) {
    return """
        {"key": "%s", "version": 1, "on": true, "variations": %s, "salt": "s", "rules": [],
         "contextTargets": [{"contextKind": "customer", "variation": 0, "values": ["retail"]}],
         "fallthrough": {"variation": 1}, "offVariation": 1}"""
        .formatted(key, variations);
  }

  @Test
  void anAlertOfARealAlertmanagerBecomesAMarker() throws Exception {
    String alertmanager = "prometheus-alertmanager"; // Debian's name for it
    Skip.unlessThereAre(alertmanager);
    Path configuration = folder.resolve("alertmanager.yaml");
    Files.writeString(
        configuration,
        """
        route: {receiver: firebreak, group_wait: 0s}
        receivers:
          - name: firebreak
            webhook_configs:
              - url: %s/webhooks/alertmanager
                http_config: {authorization: {type: Bearer, credentials: "%s"}}
        """
            .formatted(api.server(), Scene.GITHUB_SECRET));
    int port = KillIT.freePort();
    ProcessBuilder program =
        new ProcessBuilder(
            alertmanager,
            "--config.file=" + configuration,
            "--storage.path=" + folder.resolve("alertmanager"),
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address=");
    try (Child running = Child.start(folder.resolve("alertmanager.log"), program);
        Api itself = new Api(port)) {
      api.await("the alert is taken", Duration.ofSeconds(30), () -> alerted(itself, running));
      JsonNode marker =
          api.await(
              "the alert is on the timeline",
              Duration.ofSeconds(30),
              () ->
                  Api.list(api.get("/api/v1/changes?service=query-api").path("changes")).stream()
                      .findFirst());

      assertFields(
          Map.of("kind", "marker", "type", "alert", "summary", "QueueGrows: the queue grows"),
          marker);
    }
  }

  /** Whether Alertmanager is up and has taken an alert. */
  private static Optional<Integer> alerted(Api itself, Child alertmanager) {
    String alert =
        """
        [{"labels": {"alertname": "QueueGrows", "service": "query-api"},
          "annotations": {"summary": "the queue grows"}}]""";
    try {
      return Optional.of(itself.send("POST", "/api/v2/alerts", alert).status())
          .filter(status -> status == 200);
    } catch (UncheckedIOException e) {
      assertTrue(alertmanager.isAlive(), "Alertmanager has ended");
      return Optional.empty();
    }
  }

  private static void assertFields(Map<String, Object> expected, JsonNode event) {
    expected.forEach(
        (name, value) ->
            assertEquals(value.toString(), event.path(name).asText(), name + " of " + event));
  }

  private static JsonNode only(List<JsonNode> found) {
    assertFalse(found.isEmpty(), "nothing is found");
    assertEquals(1, found.size(), found.toString());
    return found.getFirst();
  }

  /** The fields of the events of the last ten minutes that have these. */
  private static List<JsonNode> events(String dataset, Map<String, String> having) {
    ObjectNode question = JsonTree.object().put("dataset", dataset).put("time_range", 600);
    var filters = question.putArray("filters");
    having.forEach(
        (column, value) ->
            filters.addObject().put("column", column).put("op", "=").put("value", value));
    return Api.list(api.post("/api/v1/events", question.toString()).path("events")).stream()
        .map(event -> event.path("fields"))
        .toList();
  }

  /** The rows of an answer over Honeycomb's query API. */
  private static List<JsonNode> query(String dataset, String query) {
    String path = dataset.replace(" ", "%20");
    String id = api.post("/1/queries/" + path, query).path("id").asText();
    JsonNode answer = api.post("/1/query_results/" + path, "{\"query_id\": \"%s\"}".formatted(id));
    return Api.list(answer.path("data").path("results")).stream()
        .map(row -> row.path("data"))
        .toList();
  }
}
