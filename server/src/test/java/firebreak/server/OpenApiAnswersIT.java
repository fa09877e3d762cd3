package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.sim.Simulation;
import firebreak.sim.TalkIncident;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each field that the description promises of what can be got is in an answer, and each field of an
 * answer is promised: asked of a service with two incidents, builds, deploys, keys and notebooks.
 */
class OpenApiAnswersIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String KEY = "a key of this test's own";
  private static final String REPOSITORY = FakeGitHub.REPOSITORY;

  /** What answers with no JSON. */
  private static final Set<String> NOT_JSON =
      Set.of("/api/v1/stream", "/api/v1/slos/{id}/openslo", "/api/v1/openapi.json");

  @TempDir Path folder;

  @Test
  void everyFieldIsPromisedAndEveryPromiseIsKept() throws Exception {
    Scene scene = Scene.in(folder);
    try (FakeGitHub gitHub = new FakeGitHub();
        App app = App.start(config(scene, gitHub), InstantSource.system());
        Api api = new Api(app.port())) {
      tell(scene, api);
      OpenApiShape shape = new OpenApiShape(OpenApiRoutes.read());
      Map<String, List<String>> addresses = addresses(api);
      for (String path : shape.got()) {
        if (NOT_JSON.contains(path)) {
          continue;
        }
        List<String> asked = addresses.getOrDefault(path, List.of());
        assertTrue(!asked.isEmpty(), path + " is not asked");
        for (String address : asked) {
          shape.check(path, got(api, address));
        }
      }
      assertEquals(List.of(), shape.wrong(), String.join("\n", shape.wrong()));
    }
  }

  /** Where each path is to be asked, with the ids of what there is. */
  private static Map<String, List<String>> addresses(Api api) {
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
    Files.writeString(
        folder.resolve("slos/checkout.yaml"), GateIT.SLO.replace("query-api", "checkout"));
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

  /** Two burns, one of a build by a flag for a customer and one of a build, and all the rest. */
  private void tell(Scene scene, Api api) throws Exception {
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
    deploy(api, "a0", 600);
    deploy(api, "b2", 6);
    burn(api);
    step(api, got(api, "/api/v1/builds").at("/builds/0/id").asText());
    post(
        api,
        "/api/v1/notebooks",
        "{\"title\": \"Why\", \"steps\": [{\"title\": \"A\", \"note\": \"so\", \"question\": {}, \"seen\": {}}]}");
    post(api, "/api/v1/keys", "{\"name\": \"page\", \"scopes\": [\"query\"]}");
    post(
        api,
        "/api/v1/slos/query-api-fast/corrections",
        """
        {"start": "%s", "end": "%s", "note": "a drill"}"""
            .formatted(Instant.now().minusSeconds(7_200), Instant.now().minusSeconds(7_100)));
    String query = "{\"calculations\": [{\"op\": \"COUNT\"}], \"time_range\": 3600}";
    String id = post(api, "/1/queries/query-api", query).path("id").asText();
    post(api, "/1/query_results/query-api", "{\"query_id\": \"%s\"}".formatted(id));
    post(
        api,
        "/1/query_annotations/query-api",
        "{\"name\": \"All\", \"description\": \"why\", \"query_id\": \"%s\"}".formatted(id));
    api.await(
        "both burns are explained",
        SOON,
        () -> {
          Set<String> explained = new TreeSet<>();
          for (JsonNode one : got(api, "/api/v1/incidents").path("incidents")) {
            if (one.path("verdict").path("kind").asText().equals("deploy")) {
              explained.add(one.path("slo").asText());
            }
          }
          return explained.size() == 2 ? Optional.of(explained) : Optional.<Set<String>>empty();
        });
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

  private static void deploy(Api api, String build, int minutesAgo) {
    post(
        api,
        "/api/v1/deploys",
        """
        {"service": "checkout", "environment": "production", "build_id": "%1$s", "commit": "%1$s",
         "repository": "%2$s", "state": "succeeded", "time": "%3$s"}\
        """
            .formatted(build, REPOSITORY, Instant.now().minus(Duration.ofMinutes(minutesAgo))));
  }

  /** Half of the traffic on the new build, most of it slow, for the last minutes. */
  private static void burn(Api api) {
    StringBuilder batch = new StringBuilder();
    Instant now = Instant.now();
    for (int i = 0; i < 4_000; i++) {
      boolean isNew = i % 2 == 0 && i > 2_000;
      batch.append(batch.isEmpty() ? "[" : ",");
      batch.append(
          """
          {"time": "%s", "data": {"name": "query", "duration_ms": %d, "build_id": "%s",
           "environment": "production", "customer_id": "c%d", "host.name": "h%d"}}\
          """
              .formatted(
                  now.minusMillis((4_000 - i) * 150L),
                  isNew ? 5_000 : 20,
                  isNew ? "b2" : "a0",
                  i % 40,
                  (isNew ? 0 : 6) + i / 2 % 6));
    }
    post(api, "/1/batch/checkout", batch.append("]").toString());
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
