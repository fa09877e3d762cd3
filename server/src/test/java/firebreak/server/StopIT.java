package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopIT {
  @TempDir Path folder;

  private App app;
  private Api api;

  @BeforeEach
  void start() {
    app = App.start(ConfigReader.defaults(Map.of()).with(0, folder), InstantSource.system());
    api = new Api(app.port());
  }

  @AfterEach
  void stop() {
    api.close();
    app.close();
  }

  @Test
  void oneRequestStopsAllActingAndAnotherLetsItGoOn() throws Exception {
    assertFalse(api.get("/api/v1/guard").path("stop").asBoolean(true));

    Api.Reply on = api.send("PUT", "/api/v1/guard", "{\"stop\": true}");

    assertEquals(200, on.status(), on.toString());
    assertTrue(on.body().path("stop").asBoolean());
    assertTrue(Files.exists(folder.resolve("STOP")));
    assertTrue(api.get("/api/v1/guard").path("stop").asBoolean());
    assertEquals(List.of("stopped"), kinds());

    api.send("PUT", "/api/v1/guard", "{\"stop\": false}");

    assertFalse(Files.exists(folder.resolve("STOP")));
    assertFalse(api.get("/api/v1/guard").path("stop").asBoolean(true));
    assertEquals(List.of("stopped", "resumed"), kinds());
  }

  @Test
  void aWordThatIsNeitherTrueNorFalseDoesNotLiftTheStop() throws Exception {
    api.send("PUT", "/api/v1/guard", "{\"stop\": true}");
    for (String stop : List.of("\"on\"", "\"yes\"", "[]", "0", "false, \"mode\": \"bogus\"")) {
      Api.Reply reply = api.send("PUT", "/api/v1/guard", "{\"stop\": %s}".formatted(stop));

      assertEquals(400, reply.status(), stop + " " + reply);
      assertTrue(Files.exists(folder.resolve("STOP")), stop);
    }
  }

  @Test
  void aDryRunThatIsNeitherTrueNorFalseIsRefusedRatherThanDone() throws Exception {
    String body =
        """
        {"dry_run": "yes", "action": {"flag": "f", "audience": {"kind": "everyone"}}}""";

    Api.Reply reply = api.send("POST", "/api/v1/incidents/x/mitigations", body);

    assertEquals(400, reply.status(), reply.toString());
  }

  @Test
  void aFileMadeInAShellIsNoticedWithinSeconds() throws Exception {
    Files.createFile(folder.resolve("STOP"));

    assertTrue(api.get("/api/v1/guard").path("stop").asBoolean());
    api.await(
        "the stop is on record",
        Duration.ofSeconds(10),
        () -> kinds().equals(List.of("stopped")) ? Optional.of(true) : Optional.empty());
  }

  @Test
  void aStopThatLeadsNowhereOrCannotBeLookedForStops() throws Exception {
    Files.createSymbolicLink(folder.resolve("STOP"), folder.resolve("nowhere"));
    assertTrue(api.get("/api/v1/guard").path("stop").asBoolean());

    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertTrue(new StopFile(loop).getAsBoolean());
  }

  @Test
  void anotherSiteCannotTurnTheSwitch() throws Exception {
    for (String body : List.of("{\"stop\": true}", "{\"mode\": \"act\"}")) {
      Api.Reply reply =
          api.send("PUT", "/api/v1/guard", body, "Origin", "https://elsewhere.example");

      assertEquals(403, reply.status(), reply.toString());
    }
    JsonNode guard = api.get("/api/v1/guard");
    assertFalse(guard.path("stop").asBoolean(true));
    assertEquals("watch", guard.path("mode").asText());
    assertFalse(Files.exists(folder.resolve("STOP")));
    assertEquals(List.of(), kinds());

    String own = "http://127.0.0.1:" + app.port();
    assertEquals(200, api.send("PUT", "/api/v1/guard", "{\"stop\": true}", "Origin", own).status());
  }

  private List<String> kinds() {
    return api.audit().stream().map(record -> record.path("kind").asText()).toList();
  }
}
