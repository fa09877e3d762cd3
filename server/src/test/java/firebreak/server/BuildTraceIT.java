package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.BuildTraces;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build becomes one trace, whoever tells of its parts: webhooks, our commands, buildevents. */
class BuildTraceIT {
  private static final String SECRET = "hush";
  private static final Instant NOW = Instant.parse("2026-03-01T12:10:00Z");
  private static final String TRACE = BuildTraces.gitHubTrace("acme/query-api", "77", "1");

  @TempDir Path folder;

  @Test
  void webhooksAndShellStepsMakeOneTrace() throws Exception {
    Config config =
        ConfigReader.parse(
            "webhooks: {github: {secrets: [{env: S}]}}", "test", folder, Map.of("S", SECRET));
    try (App app = App.start(config.with(0, folder.resolve("data")), InstantSource.fixed(NOW));
        Api api = new Api(app.port())) {
      for (int twice = 0; twice < 2; twice++) {
        webhook(api, "workflow_job", JOB + " ".repeat(twice));
        webhook(api, "workflow_run", RUN + " ".repeat(twice));
      }
      Map<String, String> environment =
          Map.of(
              "GITHUB_RUN_ID", "77",
              "GITHUB_RUN_ATTEMPT", "1",
              "GITHUB_REPOSITORY", "acme/query-api",
              "BUILDEVENT_APIHOST", api.server().toString());
      assertEquals(0, run(environment, "exec", "--name", "lint", "--job", "test", "--", "true"));
      assertEquals(3, run(environment, "exec", "--name", "bad", "--", "sh", "-c", "exit 3"));
      assertEquals(127, run(environment, "exec", "--name", "none", "--", "/no/such/command"));
      assertEquals(
          0, run(environment, "build-event", "step", TRACE, "s-9", "1772366400", "install"));
      // As buildevents itself sends it, through libhoney.
      api.post(
          "/1/batch/builds",
          """
          [{"data": {"ci_provider": "github", "cmd": "\\"go\\" \\"test\\"", "duration_ms": 1500,
            "meta.version": "dev", "name": "go-test", "service_name": "cmd", "status": "success",
            "trace.parent_id": "s-9", "trace.span_id": "6f1ed002ab5595859014ebf0951522d9",
            "trace.trace_id": "%s"}, "samplerate": 1, "time": "2026-03-01T12:01:00.123Z"}]\
          """
              .formatted(TRACE));

      JsonNode trace = api.get("/api/v1/traces/" + TRACE);
      List<String> shape = new ArrayList<>();
      trace
          .path("spans")
          .forEach(
              span -> shape.add(span.path("depth").asInt() + " " + span.path("name").asText()));
      assertEquals(0, trace.path("missing_parents").asInt(), "" + trace);
      assertEquals(
          List.of(
              "0 CI",
              "1 bad",
              "1 install",
              "1 none",
              "1 test",
              "2 Run tests",
              "2 go-test",
              "2 lint"),
          shape.stream().sorted().toList());
      JsonNode root = trace.path("spans").get(0);
      assertEquals(180_000, root.path("duration_ms").asInt());
      JsonNode job = find(trace, "test");
      assertEquals(5_000, job.at("/fields/queued_ms").asInt());
      assertTrue(find(trace, "bad").path("error").asBoolean());
      assertEquals("exit status 3", find(trace, "bad").at("/fields/failure_reason").asText());
      assertWhereTheTimeWent(api);
    }
  }

  private static void assertWhereTheTimeWent(Api api) {
    // The same step a few days ago took a minute.
    api.post(
        "/1/batch/builds",
        """
        [{"data": {"service_name": "step", "name": "Run tests", "repo": "acme/query-api",
          "duration_ms": 60000, "trace.span_id": "old", "trace.trace_id": "old"},
          "time": "2026-02-26T12:00:00Z"}]\
        """);
    JsonNode list = api.get("/api/v1/builds?repository=acme/query-api").path("builds");
    assertEquals(1, list.size(), "" + list);
    assertEquals(TRACE, list.get(0).path("id").asText());
    JsonNode build = api.get("/api/v1/builds/" + TRACE);
    assertEquals(5_000, build.path("queued_ms").asInt(), "" + build);
    double path = 0;
    for (JsonNode segment : build.path("critical_path")) {
      path += segment.path("duration_ms").asDouble();
    }
    assertEquals(build.path("duration_ms").asDouble(), path, 1e-9, "" + build);
    JsonNode slowest = build.path("slowest_step");
    assertEquals("Run tests", slowest.path("name").asText());
    assertEquals("test", slowest.path("job").asText());
    assertEquals(1, slowest.at("/week_before/runs").asInt());
    assertEquals(164 / 60.0, slowest.path("times_as_long").asDouble(), 1e-9);
    assertEquals(404, api.send("GET", "/api/v1/builds/none", "").status());
    assertEquals(400, api.send("GET", "/api/v1/builds?since=2020-01-01T00:00:00Z", "").status());
  }

  @Test
  void aServiceThatIsAwayNeverBreaksTheBuild() {
    Map<String, String> environment =
        Map.of("CIRCLE_WORKFLOW_ID", "w-1", "BUILDEVENT_APIHOST", "http://127.0.0.1:1");
    assertEquals(0, run(environment, "exec", "--name", "lint", "--", "true"));
    assertEquals(0, run(environment, "build-event", "build", "w-1", "1772366400", "success"));
    assertEquals(0, run(Map.of(), "exec", "--name", "lint", "--", "true"));
  }

  private static final String REPOSITORY =
      """
      "repository": {"full_name": "acme/query-api", "default_branch": "main"}\
      """;

  private static final String RUN =
      """
      {"workflow_run": {"id": 77, "run_attempt": 1, "name": "CI", "head_sha": "c0ffee",
        "head_branch": "main", "status": "completed", "conclusion": "success",
        "created_at": "2026-03-01T12:00:00Z", "run_started_at": "2026-03-01T12:00:00Z",
        "updated_at": "2026-03-01T12:03:00Z"}, %s}\
      """
          .formatted(REPOSITORY);

  private static final String JOB =
      """
      {"workflow_job": {"id": 5, "run_id": 77, "run_attempt": 1, "name": "test",
        "head_sha": "c0ffee", "status": "completed", "conclusion": "success",
        "created_at": "2026-03-01T12:00:00Z", "started_at": "2026-03-01T12:00:05Z",
        "completed_at": "2026-03-01T12:02:55Z", "steps": [
          {"name": "Set up", "number": 1, "status": "completed", "conclusion": "skipped",
           "started_at": "2026-03-01T12:00:05Z", "completed_at": "2026-03-01T12:00:05Z"},
          {"name": "Run tests", "number": 2, "status": "completed", "conclusion": "success",
           "started_at": "2026-03-01T12:00:06Z", "completed_at": "2026-03-01T12:02:50Z"}]}, %s}\
      """
          .formatted(REPOSITORY);

  private static JsonNode find(JsonNode trace, String name) {
    for (JsonNode span : trace.path("spans")) {
      if (span.path("name").asText().equals(name)) {
        return span;
      }
    }
    throw new AssertionError("no span " + name + " in " + trace);
  }

  private static void webhook(Api api, String event, String body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String hex = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    Api.Reply reply =
        api.send(
            "POST",
            "/webhooks/github",
            body,
            "X-GitHub-Event",
            event,
            "X-Hub-Signature-256",
            "sha256=" + hex);
    assertEquals(2, reply.status() / 100, "" + reply);
  }

  private static int run(Map<String, String> environment, String... arguments) {
    PrintWriter writer = new PrintWriter(new StringWriter());
    return Main.run(writer, writer, environment, Arrays.copyOf(arguments, arguments.length));
  }
}
