package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.sim.Simulation;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real Chromium, against the real service and a real incident. */
class ConsoleIT {
  private static final Duration LIVE = Duration.ofMinutes(4);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ASKING =
      """
      listen: 127.0.0.1:0
      data: ./data
      slos: ./slos
      flags: {file: ./flags.json}
      webhooks: {github: {secrets: [{file: ./github.secret}]}}
      guard: {mode: ask, eligible: ["short-cache"]}
      """;

  @TempDir Path folder;

  @Test
  void aPersonOnCallSeesTheIncidentAndCanActOnIt() throws Exception {
    Scene scene = Scene.in(folder);
    try (App app = App.start(scene.config(ASKING), InstantSource.system());
        Api api = new Api(app.port())) {
      URI server = URI.create("http://127.0.0.1:" + app.port());
      new Simulation(scene.plan(server, true, LIVE), new PrintStream(System.out), Clock.systemUTC())
          .play();
      api.await(
          "a mitigation is recommended",
          SOON,
          () ->
              api.incidents().stream()
                  .filter(incident -> incident.path("mitigation").isObject())
                  .findFirst());

      Process browser =
          new ProcessBuilder("node", "test/browser.mjs", server.toString(), "--read-only")
              .directory(TidyTest.ROOT.resolve("console").toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.print(said);
      assertEquals(0, browser.waitFor(), said);
    }
  }
}
