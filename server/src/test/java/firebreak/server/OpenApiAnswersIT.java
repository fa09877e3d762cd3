package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.sim.Simulation;
import firebreak.sim.TalkIncident;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Each field that the description promises is in an answer, and each field of an answer is
 * promised: asked of a service with three incidents, builds, deploys, keys and notebooks.
 */
@Execution(ExecutionMode.CONCURRENT)
class OpenApiAnswersIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String KEY = "a key of this test's own";
  private static final String REPOSITORY = FakeGitHub.REPOSITORY;
  private static final String SLO = "query-api-fast";

  @TempDir Path folder;

  private final OpenApiShape shape = new OpenApiShape(OpenApiRoutes.read());

  @SuppressWarnings("NullAway.Init")
  private Api api;

  @Test
  void everyFieldIsPromisedAndEveryPromiseIsKept() throws Exception {
    Scene scene = Scene.in(folder);
    try (FakeGitHub gitHub = new FakeGitHub();
        App app = App.start(config(scene, gitHub), InstantSource.system())) {
      api = new Api(app.port());
      tell(scene);
      shape.leaveOut("get /api/v1/stream");
      shape.leaveOut("get /api/v1/slos/{id}/openslo");
      addresses().forEach((path, asked) -> asked.forEach(address -> get(path, address)));
      ask();
      decide();
      change();
      administer();
      assertEquals(List.of(), shape.wrong(), String.join("\n", shape.wrong()));
      api.close();
    }
  }

  /** Asks with a body, holds both it and the answer to the description, and gives the answer. */
  private JsonNode send(String operation, String body, String... ids) {
    String[] parts = operation.split(" ", 2);
    String path = parts[1];
    for (String id : ids) {
      path = path.replaceFirst("\\{\\w+}", id);
    }
    if (!body.isEmpty()) {
      shape.checkSent(operation, JsonTree.parsed(body));
    }
    Api.Reply reply =
        api.send(parts[0].toUpperCase(Locale.ROOT), path, body, "Authorization", "Bearer " + KEY);
    shape.check(operation, reply);
    return reply.body();
  }

  private void get(String path, String address) {
    shape.check("get " + path, api.send("GET", address, "", "Authorization", "Bearer " + KEY));
  }

  private void ask() {
    send(
        "post /api/v1/bubbleup",
        """
        {"dataset": "checkout", "filters": [{"column": "name", "op": "=", "value": "query"}],
         "selection": {"box": {"column": "duration_ms", "min": 1000, "max": 9000}}}""");
    send("post /api/v1/bubbleup", "{\"selection\": {\"slo\": \"%s\"}}".formatted(SLO));
    send("post /api/v1/heatmap", "{\"dataset\": \"checkout\", \"column\": \"duration_ms\"}");
    send("post /api/v1/events", "{\"dataset\": \"checkout\", \"limit\": 10}");
    send("post /api/v1/gates/evaluate", "{\"service\": \"checkout\", \"step\": \"25%\"}");
    for (String service : List.of("orders", "checkout", "nobody")) {
      send("post /api/v1/gates/flagger", "{\"name\": \"%s\"}".formatted(service));
    }
  }

  /** A person lets the guard do one thing, leaves another, and does and undoes one. */
  private void decide() {
    String mitigations = "/api/v1/incidents/{id}/mitigations";
    List<JsonNode> recommended =
        Api.list(got(api, "/api/v1/incidents").path("incidents")).stream()
            .filter(one -> one.at("/mitigation/state").asText().equals("recommended"))
            .toList();
    assertEquals(2, recommended.size(), "" + recommended);
    JsonNode left = recommended.getFirst();
    JsonNode done = recommended.getLast();
    String id = done.path("id").asText();
    decide("approve", id);
    send(
        "post " + mitigations + "/{mitigation}/undo",
        "",
        id,
        got(api, "/api/v1/incidents/" + id).at("/mitigation/id").asText());
    String other = left.path("id").asText();
    decide("dismiss", other);
    String action =
        """
        {"dry_run": %s, "action": {"flag": "short-cache",
          "audience": {"kind": "context", "context_kind": "customer", "keys": ["c9"]}}}""";
    JsonNode would = send("post " + mitigations, action.formatted(true), other);
    assertTrue(would.path("dry_run").asBoolean(), "" + would);
    send("post " + mitigations, action.formatted(false), other);
    String own = got(api, "/api/v1/incidents/" + other).at("/mitigation/id").asText();
    String one = "/api/v1/incidents/%s/mitigations/%s/".formatted(other, own);
    get(mitigations + "/{mitigation}/next-step", one + "next-step?build=b3");
    send(
        "post " + mitigations + "/{mitigation}/step",
        "{\"contexts\": [\"c9\"], \"build\": \"b3\", \"dry_run\": true}",
        other,
        own);
    send("put /api/v1/guard", "{\"mode\": \"ask\", \"stop\": false}");
  }

  /** What is recommended is decided upon; it may become another while the burn lasts. */
  private void decide(String decision, String incident) {
    String operation = "post /api/v1/incidents/{id}/mitigations/{mitigation}/" + decision;
    Api.Reply reply =
        api.await(
            "it can be decided upon",
            SOON,
            () -> {
              String recommended =
                  got(api, "/api/v1/incidents/" + incident).at("/mitigation/id").asText();
              Api.Reply answer =
                  api.send(
                      "POST",
                      "/api/v1/incidents/%s/mitigations/%s/%s"
                          .formatted(incident, recommended, decision),
                      "",
                      "Authorization",
                      "Bearer " + KEY);
              return answer.status() == 404 ? Optional.<Api.Reply>empty() : Optional.of(answer);
            });
    shape.check(operation, reply);
  }

  /** What people write is written anew and taken back. */
  private void change() {
    String notebook = got(api, "/api/v1/notebooks").at("/notebooks/0/id").asText();
    send("put /api/v1/notebooks/{id}", "{\"title\": \"Why now\"}", notebook);
    send("delete /api/v1/notebooks/{id}", "", notebook);
    send("post /api/v1/slos/{id}/reset", "{\"note\": \"a new start\"}", SLO);
    send("delete /api/v1/slos/{id}/reset", "", SLO);
    String corrections = "/api/v1/slos/{id}/corrections";
    String correction = got(api, corrections.replace("{id}", SLO)).at("/corrections/0/id").asText();
    send("delete " + corrections + "/{correction}", "", SLO, correction);
  }

  private void administer() {
    send("post /api/v1/notifications/test", "");
    for (JsonNode key : got(api, "/api/v1/keys").path("keys")) {
      if (key.path("name").asText().equals("page")) {
        send("delete /api/v1/keys/{id}", "", key.path("id").asText());
      }
    }
    send(
        "post /api/v1/admin/snapshot",
        JsonTree.object().put("to", folder.resolve("backup").toString()).toString());
    send(
        "post /api/v1/admin/erase",
        "{\"dataset\": \"checkout\", \"field\": \"customer_id\", \"value\": \"c1\"}");
  }

  /** Where each path is to be asked, with the ids of what there is. */
  private Map<String, List<String>> addresses() {
    Map<String, List<String>> all = new TreeMap<>();
    for (String path :
        List.of(
            "builds",
            "changes",
            "slos",
            "notifications",
            "incidents",
            "guard",
            "audit?limit=1000",
            "audit/head",
            "audit/verify",
            "rollouts",
            "dora",
            "flags",
            "queries",
            "notebooks",
            "keys",
            "openapi.json",
            "store")) {
      all.put("/api/v1/" + path.replaceAll("\\?.*", ""), List.of("/api/v1/" + path));
    }
    all.put("/health/live", List.of("/health/live"));
    all.put("/health/ready", List.of("/health/ready"));
    each(all, api, "/api/v1/slos/{id}", "slos");
    each(all, api, "/api/v1/builds/{id}", "builds");
    each(all, api, "/api/v1/incidents/{id}", "incidents");
    each(all, api, "/api/v1/rollouts/{id}", "rollouts");
    each(all, api, "/api/v1/notebooks/{id}", "notebooks");
    all.put("/api/v1/slos/{id}/history", List.of("/api/v1/slos/query-api-fast/history"));
    all.put("/api/v1/slos/{id}/corrections", List.of("/api/v1/slos/query-api-fast/corrections"));
    all.put(
        "/api/v1/traces/{id}",
        all.getOrDefault("/api/v1/builds/{id}", List.of()).stream()
            .map(path -> path.replace("builds", "traces"))
            .toList());
    all.put(
        "/api/v1/gates/evaluate",
        List.of("/api/v1/gates/evaluate?service=query-api&build_id=8812&step=0.5"));
    List<String> commits = new ArrayList<>();
    for (JsonNode change : got(api, "/api/v1/changes").path("changes")) {
      if (change.path("build_id").asText().equals("b2")) {
        commits.add("/api/v1/changes/" + change.path("id").asText() + "/commits");
      }
    }
    all.put("/api/v1/changes/{id}/commits", commits);
    return all;
  }

  private static void each(Map<String, List<String>> all, Api api, String path, String what) {
    List<String> found = new ArrayList<>();
    for (JsonNode one : got(api, "/api/v1/" + what).path(what)) {
      found.add(path.replace("{id}", one.path("id").asText()));
    }
    assertTrue(!found.isEmpty(), "there are no " + what);
    all.put(path, found);
  }

  private Config config(Scene scene, FakeGitHub gitHub) throws Exception {
    Files.writeString(folder.resolve("key"), KEY);
    Files.writeString(folder.resolve("hook"), "http://127.0.0.1:9/nobody");
    for (String service : List.of("checkout", "orders")) {
      Files.writeString(
          folder.resolve("slos/%s.yaml".formatted(service)),
          GateIT.SLO.replace("query-api", service));
    }
    String talk = Files.readString(folder.resolve("slos/query-api-fast.yaml"));
    Files.writeString(folder.resolve("slos/too.yaml"), talk.replace(SLO, "query-api-fast-too"));
    gitHub.compares(
        "a0", "b2", List.of(gitHub.commit("b1", "Tidy"), gitHub.commit("b2", "Shorten the cache")));
    gitHub.commits("b1", "Tidy", FakeGitHub.file("Readme.md", ""));
    gitHub.commits(
        "b2",
        "Shorten the cache",
        FakeGitHub.file("Cache.java", "@@ -7 +7 @@\n-old\n+if (is(\"short-cache\"))"));
    gitHub.merges(12, "b2");
    return scene.config(
        """
        listen: 127.0.0.1:0
        data: ./data
        slos: ./slos
        flags: {file: ./flags.json}
        webhooks: {github: {secrets: [{file: ./github.secret}]}}
        github: {api: "%s", token: {file: ./key}, repositories: [%s]}
        guard: {mode: ask, eligible: ["short-cache"]}
        notify: [{webhook: {url: {file: ./hook}}}]
        keys:
          - {name: all, secret: {file: ./key}, trusted: true,
             scopes: [ingest, query, slo:write, mitigate:recommend, mitigate:arm, stop, admin]}
        """
            .formatted(gitHub.api(), REPOSITORY));
  }

  /** Three burns, two of a build by a flag for a customer and one of a build, and all the rest. */
  private void tell(Scene scene) throws Exception {
    PrintStream out = new PrintStream(folder.resolve("simulation").toFile());
    new Simulation(
            new Simulation.Plan(
                api.server(),
                KEY,
                TalkIncident.Kind.TALK,
                1,
                scene.flags(),
                Scene.GITHUB_SECRET,
                false,
                true,
                Duration.ofMinutes(4),
                null),
            out,
            Clock.systemUTC())
        .play();
    deploy("a0", 600);
    deploy("b2", 6);
    deploy("b2", 6);
    post(api, "/1/batch/checkout", GitHubIT.burning("a0", "b2"));
    post(api, "/1/batch/orders", GitHubIT.burning("a0", "a1").replace("5000", "5"));
    for (int i = 0; i < 2; i++) {
      send(
          "post /api/v1/builds",
          "{\"service\": \"orders\", \"build_id\": \"a1\", \"state\": \"succeeded\"}");
      send(
          "post /api/v1/flag-changes",
          "{\"flag\": \"short-cache\", \"summary\": \"a note\", \"idempotency_key\": \"n1\"}");
    }
    deliver();
    step(api, got(api, "/api/v1/builds").at("/builds/0/id").asText());
    send(
        "post /api/v1/notebooks",
        "{\"title\": \"Why\", \"steps\": [{\"title\": \"A\", \"note\": \"so\", \"question\": {}, \"seen\": {}}]}");
    send("post /api/v1/keys", "{\"name\": \"page\", \"scopes\": [\"query\"]}");
    send(
        "post /api/v1/slos/{id}/corrections",
        """
        {"start": "%s", "end": "%s", "note": "a drill"}"""
            .formatted(Instant.now().minusSeconds(7_200), Instant.now().minusSeconds(7_100)),
        SLO);
    String query = "{\"calculations\": [{\"op\": \"COUNT\"}], \"time_range\": 3600}";
    String id = post(api, "/1/queries/query-api", query).path("id").asText();
    post(api, "/1/query_results/query-api", "{\"query_id\": \"%s\"}".formatted(id));
    post(
        api,
        "/1/query_annotations/query-api",
        "{\"name\": \"All\", \"description\": \"why\", \"query_id\": \"%s\"}".formatted(id));
    api.await(
        "all burns are explained",
        SOON,
        () -> {
          Set<String> explained = new TreeSet<>();
          for (JsonNode one : got(api, "/api/v1/incidents").path("incidents")) {
            if (one.path("verdict").path("kind").asText().equals("deploy")) {
              explained.add(one.path("slo").asText());
            }
          }
          return explained.size() == 3 ? Optional.of(explained) : Optional.<Set<String>>empty();
        });
  }

  /** A delivery of GitHub's that is kept, the same again, and one that says nothing. */
  private void deliver() throws Exception {
    String succeeded =
        """
        {"action": "created", "deployment_status": {"id": 77, "state": "success",
          "environment": "production", "created_at": "2026-03-01T12:00:00Z"},
         "deployment": {"id": 7, "sha": "a0", "ref": "main", "environment": "production"},
         "repository": {"full_name": "%s", "name": "query-api", "default_branch": "main"}}"""
            .formatted(REPOSITORY);
    for (String event : List.of("deployment_status", "deployment_status", "star")) {
      byte[] body = (event.equals("star") ? "{}" : succeeded).getBytes(StandardCharsets.UTF_8);
      Api.Reply reply = api.send("POST", "/webhooks/github", body, GitHubIT.headers(event, body));
      shape.check("post /webhooks/{sender}", reply);
    }
  }

  /** A step of a build, as a shell tells it, with something that happened in it. */
  private static void step(Api api, String trace) {
    String build = got(api, "/api/v1/traces/" + trace).at("/spans/0/span_id").asText();
    String start = got(api, "/api/v1/traces/" + trace).path("start").asText();
    post(
        api,
        "/1/batch/builds",
        """
        [{"time": "%1$s", "data": {"name": "go-test", "service_name": "step", "duration_ms": 1500,
          "trace.trace_id": "%2$s", "trace.span_id": "s1", "trace.parent_id": "%3$s"}},
         {"time": "%1$s", "data": {"name": "retried", "meta.annotation_type": "span_event",
          "trace.trace_id": "%2$s", "trace.parent_id": "s1"}}]\
        """
            .formatted(start, trace, build));
  }

  private void deploy(String build, int minutesAgo) {
    send(
        "post /api/v1/deploys",
        """
        {"service": "checkout", "idempotency_key": "%1$s", "environment": "production", "build_id": "%1$s", "commit": "%1$s",
         "repository": "%2$s", "state": "succeeded", "time": "%3$s"}\
        """
            .formatted(build, REPOSITORY, Instant.now().minus(Duration.ofMinutes(minutesAgo))));
  }

  private static JsonNode post(Api api, String path, String body) {
    Api.Reply reply = api.send("POST", path, body, "Authorization", "Bearer " + KEY);
    assertEquals(2, reply.status() / 100, path + " answered " + reply);
    return reply.body();
  }

  private static JsonNode got(Api api, String path) {
    Api.Reply reply = api.send("GET", path, "", "Authorization", "Bearer " + KEY);
    assertEquals(200, reply.status(), path + " answered " + reply);
    return reply.body();
  }
}
