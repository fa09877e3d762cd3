package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.github.FakeGitHub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build from its pull request to its verdict, with GitHub asked and told on loopback. */
class GitHubIT {
  private static final Duration SOON = Duration.ofSeconds(45);
  private static final String SECRET = "It's a Secret to Everybody";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @BeforeEach
  void start() throws IOException {
    gitHub = new FakeGitHub();
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(folder.resolve("slos/slo.yaml"), GateIT.SLO);
    Files.writeString(folder.resolve("secret"), SECRET);
    Files.writeString(
        folder.resolve("flags.json"),
        """
        {"flags": {"short-cache": {"key": "short-cache", "version": 1, "on": true,
          "variations": [true, false], "fallthrough": {"variation": 0}, "offVariation": 1}}}
        """);
    gitHub.compares(
        "a0", "b2", List.of(gitHub.commit("b1", "Tidy"), gitHub.commit("b2", "Shorten the cache")));
    gitHub.commits("b1", "Tidy", FakeGitHub.file("Readme.md", ""));
    gitHub.commits(
        "b2",
        "Shorten the cache",
        FakeGitHub.file("Cache.java", "@@ -7 +7 @@\n-old\n+if (is(\"short-cache\"))"));
    gitHub.merges(12, "b2");
    gitHub.deploys(7, "b2", "production", "success");
  }

  @AfterEach
  void stop() {
    gitHub.close();
  }

  private Config config(String tell) {
    return ConfigReader.parse(
            """
            slos: ./slos
            flags: {file: ./flags.json}
            webhooks: {github: {secrets: [{file: ./secret}]}}
            github: {api: "%s", token: {file: ./secret}, repositories: [acme/query-api]%s}
            """
                .formatted(gitHub.api(), tell),
            "test",
            folder,
            Map.of())
        .with(0, folder.resolve("data"));
  }

  private static void deploy(Api api, String build, String commit, int minutesAgo) {
    api.post(
        "/api/v1/deploys",
        """
        {"service": "query-api", "environment": "production", "build_id": "%s", "commit": "%s",
         "repository": "acme/query-api", "state": "succeeded", "time": "%s"}\
        """
            .formatted(build, commit, Instant.now().minus(Duration.ofMinutes(minutesAgo))));
  }

  /** Events of the last minutes: half of the traffic on the next build, most of it slow. */
  static String burning(String former, String next) {
    StringBuilder batch = new StringBuilder();
    Instant now = Instant.now();
    for (int i = 0; i < 4_000; i++) {
      boolean isNext = i % 2 == 0 && i > 2_000;
      batch.append(batch.isEmpty() ? "[" : ",");
      batch.append(
          """
          {"time": "%s", "data": {"name": "query", "duration_ms": %d, "build_id": "%s",
           "environment": "production", "customer_id": "c%d", "host.name": "h%d"}}\
          """
              .formatted(
                  now.minusMillis((4_000 - i) * 150L),
                  isNext ? 5_000 : 20,
                  isNext ? next : former,
                  i % 40,
                  (isNext ? 0 : 6) + i / 2 % 6));
    }
    return batch.append("]").toString();
  }

  @Test
  void theBuildThatBurnsIsToldWhereItsAuthorsLook() {
    try (App app =
            App.start(config(", tell: [comment, check, deployment]"), InstantSource.system());
        Api api = new Api(app.port())) {
      deploy(api, "8811", "a0", 600);
      deploy(api, "8812", "b2", 6);
      api.post("/1/batch/query-api", burning("8811", "8812"));
      JsonNode comment =
          api.await(
              "the pull request has the verdict",
              Duration.ofSeconds(90),
              () ->
                  gitHub.comments().stream()
                      .filter(one -> one.path("body").asText().contains("is what burns"))
                      .findFirst());
      assertEquals(1, gitHub.comments().size(), "one comment, changed in place");
      String body = comment.path("body").asText();
      assertTrue(body.startsWith("<!-- firebreak:release query-api -->\n### Firebreak"), body);
      assertTrue(body.contains("8812") && body.contains("█") && !body.contains("c12"), body);
      JsonNode check =
          api.await(
              "the check has failed",
              SOON,
              () ->
                  gitHub.checks().stream()
                      .filter(one -> one.path("conclusion").asText().equals("failure"))
                      .findFirst());
      assertEquals("b2", check.path("head_sha").asText());
      api.await(
          "the deployment is said to have failed",
          SOON,
          () ->
              gitHub.statuses().getFirst().path("state").asText().equals("failure")
                  ? Optional.of(true)
                  : Optional.empty());
      JsonNode suspect =
          api.await(
              "the commits behind the suspect are known",
              SOON,
              () ->
                  Api.list(api.incidents().getFirst().path("suspects")).stream()
                      .filter(one -> one.path("commits").isArray())
                      .findFirst());
      assertEquals(2, suspect.path("commits_total").asInt());
      JsonNode first = suspect.path("commits").get(0);
      assertEquals("b2", first.path("sha").asText(), "" + suspect);
      assertEquals(12, suspect.at("/pull_requests/0/number").asInt(), "" + suspect);
      assertEquals("Cache.java", first.at("/flags/0/path").asText(), "" + suspect);
    }
  }

  @Test
  void aLimitDelaysWhatIsToldAndLosesNothing() throws Exception {
    try (App app = App.start(config(", tell: [comment]"), InstantSource.system());
        Api api = new Api(app.port())) {
      gitHub.fail(403, FakeGitHub.limited(1));
      deploy(api, "8812", "b2", 1);
      awaitTrouble(api, "GitHub answered 403: its limit of requests is reached");
      assertEquals(List.of(), gitHub.comments());
      gitHub.fail(0, Map.of());
      api.await("it is told later", SOON, () -> gitHub.comments().stream().findFirst());
    }
  }

  private static void awaitTrouble(Api api, String words) {
    api.await(
        "the trouble is shown in words",
        SOON,
        () ->
            api.get("/api/v1/notifications").path("last_trouble").asText().equals(words)
                ? Optional.of(true)
                : Optional.empty());
  }

  @Test
  void nothingIsToldAndNothingIsAskedUnlessItIsSaid() throws Exception {
    try (App app = App.start(config(""), InstantSource.system());
        Api api = new Api(app.port())) {
      deploy(api, "8811", "a0", 600);
      deploy(api, "8812", "b2", 1);
      Api.Reply gate = api.send("POST", "/webhooks/github", gateRequest(), gateHeaders());
      assertEquals("ignored", gate.body().path("status").asText());
      Api.pause(2_000);
      assertEquals(List.of(), gitHub.asked());
      String id =
          Api.list(api.get("/api/v1/changes?kind=deploy").path("changes"))
              .getLast()
              .path("id")
              .asText();
      JsonNode commits = api.get("/api/v1/changes/%s/commits".formatted(id));
      assertEquals("pat", commits.at("/pull_requests/0/author").asText());
      assertEquals("Shorten the cache", commits.at("/commits/1/message").asText());
      assertEquals("short-cache", commits.at("/commits/1/flags/0/flag").asText());
      assertTrue(gitHub.asked().stream().allMatch(one -> one.startsWith("GET")), "only asked");
    }
  }

  @Test
  void aDeploymentThatWaitsIsAnsweredByTheGate() throws Exception {
    try (App app = App.start(config(", tell: [gate]"), InstantSource.system());
        Api api = new Api(app.port())) {
      Api.Reply taken = api.send("POST", "/webhooks/github", gateRequest(), gateHeaders());
      assertEquals(202, taken.status(), "" + taken);
      JsonNode unknown =
          api.await("it is said why it waits", SOON, () -> gitHub.gates().stream().findFirst());
      assertTrue(!unknown.has("state"), "no event has come in: " + unknown);
      assertEquals("4711", unknown.path("run").asText());
      awaitTrouble(api, "the gate cannot tell yet");
      StringBuilder batch = new StringBuilder();
      for (int i = 0; i < 1_000; i++) {
        batch.append(batch.isEmpty() ? "[" : ",");
        batch.append(
            "{\"time\": \"%s\", \"data\": {\"name\": \"query\", \"duration_ms\": 5}}"
                .formatted(Instant.now().minusSeconds(i)));
      }
      api.post("/1/batch/query-api", batch.append("]").toString());
    }
    // The answer that is owed is on disk, and given once it is known.
    try (App app =
            App.start(config(", tell: [gate]"), () -> Instant.now().plus(Duration.ofMinutes(3)));
        Api api = new Api(app.port())) {
      JsonNode answer =
          api.await(
              "the gate's answer",
              SOON,
              () -> gitHub.gates().stream().filter(one -> one.has("state")).findFirst());
      assertEquals("approved", answer.path("state").asText(), "" + answer);
      assertEquals("production", answer.path("environment_name").asText());
    }
  }

  private static byte[] gateRequest() {
    return """
        {"action": "requested", "environment": "production", "event": "push",
         "deployment_callback_url":
           "https://api.github.com/repos/acme/query-api/actions/runs/4711/deployment_protection_rule",
         "deployment": {"id": 7, "sha": "c3", "environment": "production"},
         "repository": {"full_name": "acme/query-api", "default_branch": "main"}}
        """
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String[] gateHeaders() throws GeneralSecurityException {
    return headers("deployment_protection_rule", gateRequest());
  }

  /** What GitHub sends beside a body. */
  static String[] headers(String event, byte[] body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return new String[] {
      "X-GitHub-Event",
      event,
      "X-Hub-Signature-256",
      "sha256=" + HexFormat.of().formatHex(mac.doFinal(body))
    };
  }
}
