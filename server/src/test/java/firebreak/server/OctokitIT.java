package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every payload that GitHub's own community collected, sent to the service as GitHub sends it. */
class OctokitIT {
  private static final Path TABLE = TidyTest.ROOT.resolve("docs/webhooks-github.md");
  private static final String EXAMPLES = "webhooks/src/test/resources/github-examples.jsonl";

  /** The examples are from 2019 on. */
  private static final String ALWAYS = "/api/v1/changes?since=2015-01-01T00:00:00Z";

  @TempDir Path folder;

  private App app;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    Scene scene = Scene.in(folder);
    Config config =
        scene.config(
            "listen: 127.0.0.1:0\nwebhooks: {github: {secrets: [{file: ./github.secret}]}}\n");
    app = App.start(config, InstantSource.system());
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  @Test
  void eachIsTakenAndWhatTellsOfABuildOrDeployIsOnTheTimeline() throws Exception {
    for (JsonNode example : examples()) {
      Api.Reply reply = send(example, Scene.GITHUB_SECRET);
      assertEquals(2, reply.status() / 100, () -> reply + " for " + example);
    }

    Set<String> landed = new TreeSet<>();
    for (JsonNode change : api.get(ALWAYS).path("changes")) {
      switch (change.path("kind").asText()) {
        case "build", "deploy" -> landed.add(line(change));
        default -> assertEquals("marker", change.path("kind").asText());
      }
    }
    // Many of the examples are of one run or of one deployment; what is later in its life stands.
    assertEquals(
        Set.of(
            "build Codertocat/Hello-World 3484a3f running 2021-08-05T10:33:58Z",
            "build Codertocat/Hello-World 5779607 queued 2021-12-16T19:37:22Z",
            "build lineville/elastic-machines-testing 16c5286 queued 2023-04-19T21:12:12Z",
            "build octo-org/example-workflow e3103f8 running 2021-06-15T19:22:27Z",
            "build octo-org/octo-repo 3484a3f succeeded 2020-10-05T16:33:49Z",
            "build wolfy1339/github-events-schemas eeeb91c running 2023-06-26T03:31:29Z",
            "deploy Codertocat/Hello-World f95f852 succeeded 2019-05-15T15:20:53Z production"),
        landed);
  }

  @Test
  void theDocumentsTableSaysWhatEachBecame() throws Exception {
    List<String> rows = new ArrayList<>();
    int number = 0;
    for (JsonNode example : examples()) {
      int spansBefore = spans();
      JsonNode answer = send(example, Scene.GITHUB_SECRET).body();
      rows.add(
          "| %d | %s | %s |"
              .formatted(++number, title(example), became(answer, spans() - spansBefore)));
    }

    List<String> documented =
        Files.readAllLines(TABLE).stream().filter(line -> line.matches("\\| \\d.*")).toList();
    assertEquals(String.join("\n", rows), String.join("\n", documented), TABLE.toString());
  }

  private static String title(JsonNode example) {
    String action = example.path("payload").path("action").asText();
    return "`%s`%s".formatted(example.path("event").asText(), action.isEmpty() ? "" : " " + action);
  }

  /** What the service says became of a delivery, and what is on the timeline for it. */
  private String became(JsonNode answer, int spans) {
    String status = answer.path("status").asText();
    if (!status.equals("recorded")) {
      return answer.has("why") ? "nothing: " + answer.path("why").asText() : status;
    }
    List<String> landed = new ArrayList<>();
    for (JsonNode change : api.get(ALWAYS).path("changes")) {
      if (answer.path("ids").toString().contains(change.path("id").asText())) {
        landed.add(
            change.path("kind").asText().equals("marker")
                ? "marker `%s`: %s"
                    .formatted(change.at("/type").asText(), change.at("/summary").asText())
                : line(change));
      }
    }
    return String.join("; ", landed) + (spans == 0 ? "" : "; spans: " + spans);
  }

  /** How many spans of builds there are. */
  private int spans() {
    String question =
        "{\"dataset\": \"builds\", \"start_time\": \"2015-01-01T00:00:00Z\", \"end_time\": %d, \"limit\": 1000}"
            .formatted(Instant.now().getEpochSecond());
    return api.post("/api/v1/events", question).path("events").size();
  }

  @Test
  void noneIsTakenUnderAnotherSecret() throws Exception {
    assertFalse(examples().isEmpty());
    for (JsonNode example : examples()) {
      assertEquals(401, send(example, "another secret").status(), example.toString());
    }
    assertEquals("[]", api.get(ALWAYS).path("changes").toString());
  }

  private static String line(JsonNode change) {
    return "%s %s %.7s %s %s %s"
        .formatted(
            change.path("kind").asText(),
            change.path("repository").asText(),
            change.path("commit").asText(),
            change.path("state").asText(),
            Instant.parse(change.path("time").asText()),
            change.path("environment").asText())
        .strip();
  }

  private Api.Reply send(JsonNode example, String secret) throws Exception {
    byte[] body = example.path("payload").toString().getBytes(StandardCharsets.UTF_8);
    return api.send(
        "POST",
        "/webhooks/github",
        body,
        "X-GitHub-Event",
        example.path("event").asText(),
        "X-Hub-Signature-256",
        "sha256=" + signature(body, secret));
  }

  private static String signature(byte[] body, String secret) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  private static List<JsonNode> examples() throws IOException {
    List<JsonNode> examples = new ArrayList<>();
    for (String line : Files.readAllLines(TidyTest.ROOT.resolve(EXAMPLES))) {
      examples.add(Json.MAPPER.readTree(line));
    }
    return examples;
  }
}
