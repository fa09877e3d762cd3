package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FakeLaunchDarkly;
import firebreak.flags.FlagReader;
import firebreak.flags.Flags;
import firebreak.sim.Simulation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The whole loop with flags in LaunchDarkly, and an application that follows them by its SDK. */
@Execution(ExecutionMode.CONCURRENT)
class LaunchDarklyLoopIT {
  private static final String FLAG = "short-cache";

  @TempDir Path folder;

  private Scene scene;
  private FakeLaunchDarkly launchDarkly;
  private FlagReader application;

  @BeforeEach
  void start() throws IOException {
    scene = Scene.in(folder);
    Files.writeString(folder.resolve("sdk.key"), FakeLaunchDarkly.SDK_KEY);
    Files.writeString(folder.resolve("token"), FakeLaunchDarkly.TOKEN);
    launchDarkly = FakeLaunchDarkly.start();
    launchDarkly.addFlag(
        """
        {"key": "short-cache", "version": 41, "on": true, "variations": [true, false],
         "tags": ["auto-mitigate"], "temporary": true,
         "offVariation": 1, "fallthrough": {"variation": 1}, "salt": "short-cache",
         "rules": [{"id": "beta", "variation": 0, "clauses": [
           {"contextKind": "customer", "attribute": "beta", "op": "in", "values": ["true"]}]}]}""");
    launchDarkly.addFlag(
        """
        {"key": "dark-mode", "version": 7, "on": true, "variations": [true, false],
         "offVariation": 1, "fallthrough": {"variation": 1}, "salt": "dark-mode"}""");
    launchDarkly.addFlag(
        """
        {"key": "query-labels", "version": 12, "on": true, "variations": [true, false],
         "offVariation": 1, "fallthrough": {"variation": 1}, "salt": "query-labels"}""");
    application = Flags.followLaunchDarkly(launchDarkly.follow("watcher"));
  }

  @AfterEach
  void stop() {
    application.close();
    launchDarkly.close();
  }

  /** The simulated production's flags: followed by streaming, changed by a person. */
  private final class FlagsInLaunchDarkly implements Simulation.Flagging {
    @Override
    public FlagReader follow() {
      return Flags.followLaunchDarkly(launchDarkly.follow("query-api"));
    }

    @Override
    public void rollOutDarkMode() {
      launchDarkly.change(
          "dark-mode",
          "fallthrough",
          """
          {"rollout": {"contextKind": "customer", "variations": [
            {"variation": 0, "weight": 50000}, {"variation": 1, "weight": 50000}]}}""");
    }
  }

  @Test
  void takesTheFlagFromTheCustomerByOneFencedPatchAndGivesItBackWhenAsked() throws Exception {
    Config config = scene.config(configuration());
    assertEquals("true", served("retail"));
    try (App app = App.start(config, InstantSource.system());
        Api api = new Api(app.port());
        Performance simulation =
            new Performance(
                new Simulation(
                    scene.plan(api.server(), false, Duration.ofMinutes(6)),
                    new FlagsInLaunchDarkly(),
                    new PrintStream(folder.resolve("simulation").toFile()),
                    Clock.systemUTC()))) {
      JsonNode incident = api.awaitIncident(Duration.ofMinutes(4), "mitigated", "closed");

      simulation.check();
      JsonNode mitigation = incident.path("mitigation");
      assertEquals("effective", mitigation.path("state").asText(), incident.toString());
      assertEquals("false", served("retail"));
      assertEquals("true", served("nimbus"));
      assertEquals(42, launchDarkly.targeting(FLAG).path("version").asLong());
      assertEquals(
          "[{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\"]}]",
          launchDarkly.targeting(FLAG).path("contextTargets").toString());
      assertOnePatchThatCarries(mitigation.path("id").asText());

      undo(api, incident.path("id").asText(), mitigation.path("id").asText());
    }
  }

  private void assertOnePatchThatCarries(String intent) {
    List<String> ours =
        launchDarkly.comments().stream().filter(comment -> comment.contains("firebreak")).toList();
    assertEquals(1, ours.size(), ours.toString());
    assertTrue(ours.getFirst().contains("intent=" + intent), ours.getFirst());
    assertTrue(ours.getFirst().contains("query-api-fast"), ours.getFirst());
  }

  private void undo(Api api, String incident, String mitigation) {
    JsonNode undone =
        api.post("/api/v1/incidents/%s/mitigations/%s/undo".formatted(incident, mitigation), "");

    assertEquals("undone", undone.at("/mitigation/state").asText(), undone.toString());
    assertEquals("[]", launchDarkly.targeting(FLAG).path("contextTargets").toString());
    api.await(
        "retail is served as before",
        Duration.ofSeconds(20),
        () -> served("retail").equals("true") ? Optional.of(true) : Optional.empty());
    assertTrue(
        api.audit().stream().anyMatch(record -> record.path("kind").asText().equals("undone")));
  }

  private String served(String customer) {
    return application.serve(FLAG, "customer", customer, Map.of("beta", "true")).variation();
  }

  private String configuration() {
    return """
        listen: 127.0.0.1:0
        data: ./data
        slos: ./slos
        flags:
          launchdarkly:
            project: %s
            environment: %s
            sdk_key: {file: ./sdk.key}
            token: {file: ./token}
            base_uri: %s
            stream_uri: %s
        webhooks: {github: {secrets: [{file: ./github.secret}]}}
        guard: {mode: act, eligible: ["short-cache"]}
        """
        .formatted(
            FakeLaunchDarkly.PROJECT,
            FakeLaunchDarkly.ENVIRONMENT,
            launchDarkly.uri(),
            launchDarkly.uri());
  }
}
