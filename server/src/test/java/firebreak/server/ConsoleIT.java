package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import firebreak.sim.Simulation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
      notify: [{webhook: {url: {file: ./hook.url}, secret: {file: ./hook.secret}}}]
      outgoing: {allow: ["127.0.0.1"]}
      """;

  @TempDir Path folder;

  @Test
  void aPersonOnCallSeesTheIncidentAndTurnsTheCustomerOffByHand() throws Exception {
    Scene scene = Scene.in(folder);
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext("/", ConsoleIT::answer);
    hook.start();
    String address = "http://127.0.0.1:%d/hook".formatted(hook.getAddress().getPort());
    Files.writeString(folder.resolve("hook.url"), address);
    Files.writeString(folder.resolve("hook.secret"), "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIzNDU2");
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

      node("test/browser.mjs", server.toString(), "--read-only");
      node("test/real.mjs", server.toString());
      String before = scene.flag("short-cache");

      // On a phone by approval, and undone; then the whole talk by hand.
      node("test/talk.mjs", server.toString(), "phone");
      assertFalse(scene.flag("short-cache").contains("retail"), scene.flag("short-cache"));
      node("test/talk.mjs", server.toString(), "desk");
      assertTrue(
          scene
              .flag("short-cache")
              .contains("{\"contextKind\":\"customer\",\"variation\":1,\"values\":[\"retail\"]}"),
          () -> "it was " + before);
      assertTrue(
          api.audit().stream()
              .anyMatch(
                  record ->
                      record.path("kind").asText().equals("applied")
                          && !record.path("actor").asText().equals("guard")),
          () -> api.audit().toString());

      node("test/real.mjs", server.toString(), "hostile");
    } finally {
      hook.stop(0);
    }
  }

  @Test
  void aRestartLosesNothingThatSomebodyHasTyped() throws Exception {
    Config config =
        ConfigReader.parse("", "test", folder, Map.of()).with(0, folder.resolve("data"));
    App first = App.start(config, InstantSource.system());
    Config again = config.with(first.port(), folder.resolve("data"));
    List<App> apps = new ArrayList<>(List.of(first));
    try {
      String server = "http://127.0.0.1:" + first.port();
      node(
          line -> {
            if (line.equals("RESTART")) {
              apps.removeLast().close();
              apps.add(App.start(again, InstantSource.system()));
            }
          },
          "test/restart.mjs",
          server);
    } finally {
      apps.forEach(App::close);
    }
  }

  /** Takes whatever is sent. */
  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /** Runs a test of the console's own, which has to end well. */
  private static void node(String... command) throws IOException, InterruptedException {
    node(_ -> {}, command);
  }

  /** The same, told of each line as it is said. */
  private static void node(Consumer<String> heard, String... command)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("node"));
    words.addAll(List.of(command));
    Process browser =
        new ProcessBuilder(words)
            .directory(TidyTest.ROOT.resolve("console").toFile())
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = browser.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        said.append(line).append('\n');
        heard.accept(line);
      }
    }
    assertEquals(0, browser.waitFor(), said::toString);
  }
}
