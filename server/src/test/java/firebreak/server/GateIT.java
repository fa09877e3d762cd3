package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate over HTTP, in the shapes of the tools that ask it. */
class GateIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String SLO =
      """
      apiVersion: openslo/v1
      kind: SLO
      metadata: {name: query-api-fast}
      spec:
        service: query-api
        indicator:
          metadata: {name: query-api-fast}
          spec:
            ratioMetric:
              good: {metricSource: {type: firebreak, spec: {dataset: query-api, filters: [{column: duration_ms, op: "<", value: 2000}]}}}
              total: {metricSource: {type: firebreak, spec: {dataset: query-api, filters: [{column: name, op: "=", value: query}]}}}
        timeWindow: [{duration: 30d, isRolling: true}]
        budgetingMethod: Occurrences
        objectives: [{target: 0.99}]
      """;

  @TempDir Path folder;

  private App app;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    Path slos = Files.createDirectories(folder.resolve("slos"));
    Files.writeString(slos.resolve("slo.yaml"), SLO);
    Config config = ConfigReader.parse("slos: ./slos", "test", folder, Map.of());
    app = App.start(config.with(0, folder.resolve("data")), InstantSource.fixed(NOW));
    api = new Api(app.port());
    // Ten quiet days, then an hour in which 8811 serves most and 8812 a few.
    send(NOW.minusSeconds(864_000), 1_000, 2, "8810", 100);
    for (int minute = 59; minute > 0; minute--) {
      send(NOW.minusSeconds(minute * 60L), 20, 0, "8811", 1);
      send(NOW.minusSeconds(minute * 60L), 2, 0, "8812", 1);
      send(NOW.minusSeconds(minute * 60L), 4, minute % 2, "8813", 1);
    }
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  private void send(Instant time, int events, int bad, String build, int rate) {
    ArrayNode batch = JsonTree.array(List.of(), _ -> JsonTree.object());
    for (int i = 0; i < events; i++) {
      ObjectNode item = batch.addObject();
      item.put("time", time.plusSeconds(i % 50).toString()).put("samplerate", rate);
      item.putObject("data")
          .put("name", "query")
          .put("duration_ms", i < bad ? 5_000 : 20)
          .put("build_id", build)
          .put("environment", "production");
    }
    api.post("/1/batch/query-api", batch.toString());
  }

  @Test
  void aGoodBuildMayGoOnAndAWorseOneMayNot() {
    JsonNode good = ask("\"build_id\": \"8812\", \"step\": \"25%\"");
    assertTrue(good.path("allow").isBoolean() && good.path("allow").asBoolean(), "" + good);
    assertEquals(118, good.at("/forecast/build/events").asInt());
    assertEquals(118 + 59 * 24, 118 + good.at("/forecast/rest/events").asInt());
    assertEquals(0.25, good.at("/forecast/step").asDouble());
    JsonNode worse = ask("\"build_id\": 8813, \"environment\": \"production\"");
    assertFalse(worse.path("allow").asBoolean(true), "" + worse);
    assertTrue(worse.at("/reasons/0").asText().startsWith("Build 8813 is worse"), "" + worse);
    JsonNode elsewhere = ask("\"build_id\": 8813, \"environment\": \"staging\"");
    assertTrue(elsewhere.path("allow").asBoolean(), "" + elsewhere);
  }

  @Test
  void whatCannotBeToldIsNull() {
    JsonNode answer =
        api.post("/api/v1/gates/evaluate", "{\"service\": \"checkout\", \"build_id\": \"1\"}");
    assertTrue(answer.has("allow") && answer.path("allow").isNull(), "" + answer);
    assertEquals("unknown", answer.path("verdict").asText());
    assertTrue(answer.path("budget_remaining").isNull());
    assertTrue(answer.path("forecast").isNull());
  }

  @Test
  void argoAsksWithTheQueryAndFlaggerGoesByTheStatus() {
    JsonNode argo = api.get("/api/v1/gates/evaluate?service=query-api&build_id=8813&step=0.5");
    assertEquals("no", argo.path("verdict").asText());
    String hook =
        """
        {"name": "query-api", "namespace": "test", "phase": "Progressing", "checksum": "85d557f47b",
         "metadata": {"build_id": "%s", "step": "25%%"}}\
        """;
    assertEquals(200, flagger(hook.formatted("8812")));
    assertEquals(409, flagger(hook.formatted("8813")));
    assertEquals(425, flagger(hook.formatted("8812").replace("query-api", "checkout")));
  }

  @Test
  void whatTheDocumentTellsArgoAndFlaggerToAskIsAnswered() throws IOException {
    JsonNode argo = snippet("AnalysisTemplate").at("/spec/metrics/0");
    JsonNode web = argo.at("/provider/web");
    assertEquals("{$.verdict}", web.path("jsonPath").asText());
    for (String[] asked : new String[][] {{"8812", "yes"}, {"8813", "no"}}) {
      URI url =
          URI.create(
              web.path("url")
                  .asText()
                  .replace("{{args.service}}", "query-api")
                  .replace("{{args.build}}", asked[0])
                  .replace("{{args.step}}", "0.25"));
      // As Argo asks: GET, without a body, whatever else the answer holds.
      String result = api.get(url.getPath() + "?" + url.getQuery()).path("verdict").asText();
      assertEquals(asked[1], result);
      String condition = "result == \"" + result + "\"";
      assertEquals(
          condition,
          argo.path(result.equals("yes") ? "successCondition" : "failureCondition").asText());
    }
    JsonNode flagger = snippet("confirm-traffic-increase").at("/analysis/webhooks/0");
    ObjectNode hook = JsonTree.object();
    hook.put("name", "query-api").put("namespace", "test").put("phase", "Progressing");
    hook.put("checksum", "85d557f47b").set("metadata", flagger.path("metadata"));
    String path = URI.create(flagger.path("url").asText()).getPath();
    assertEquals(200, api.send("POST", path, hook.toString()).status());
    // What later versions of Flagger say besides.
    hook.put("buildId", "b").put("type", "confirm-traffic-increase").put("failedChecks", 0);
    hook.put("canaryWeight", 10).put("iterations", 0).put("remainingTime", 1_000_000_000L);
    assertEquals(200, api.send("POST", path, hook.toString()).status());
  }

  /** The block of YAML in the document that names this. */
  private static JsonNode snippet(String named) throws IOException {
    for (String block : Files.readString(Path.of("../docs/gates.md")).split("```", -1)) {
      if (block.startsWith("yaml") && block.contains(named)) {
        return new YAMLMapper().readTree(block.substring("yaml".length()));
      }
    }
    throw new AssertionError("docs/gates.md has no block about " + named);
  }

  private int flagger(String hook) {
    return api.send("POST", "/api/v1/gates/flagger", hook).status();
  }

  @Test
  void aQuestionThatMakesNoSenseIsAnsweredWithWhatWouldBeRight() {
    assertEquals(400, api.send("POST", "/api/v1/gates/evaluate", "{}").status());
    Api.Reply typo =
        api.send("POST", "/api/v1/gates/evaluate", "{\"service\": \"s\", \"build\": \"1\"}");
    assertTrue(typo.body().path("detail").asText().contains("build_id"), "" + typo);
    Api.Reply step =
        api.send("POST", "/api/v1/gates/evaluate", "{\"service\": \"s\", \"step\": 25}");
    assertTrue(step.body().path("detail").asText().contains("0 to 1"), "" + step);
  }

  @Test
  void theCommandAnswersByItsExitCode() {
    assertEquals(0, gate("--service", "query-api", "--build", "8812", "--step", "25%"));
    assertEquals(1, gate("--service", "query-api", "--build", "8813"));
    assertEquals(2, gate("--service", "checkout"));
  }

  private int gate(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    String[] all = new String[arguments.length + 3];
    all[0] = "gate";
    all[1] = "--server";
    all[2] = api.server().toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Main.run(writer, writer, Map.of(), all);
  }

  private JsonNode ask(String more) {
    return api.post("/api/v1/gates/evaluate", "{\"service\": \"query-api\", " + more + "}");
  }
}
