package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FakeLaunchDarkly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One of two services that see the same burns: a process with events of its own. */
final class Racer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path home;
  private final Path config;
  private final Api api;
  private Child process;

  /** Starts it, in a folder within the one that holds what both share. */
  Racer(Path shared, String name, String records, FakeLaunchDarkly flags) throws IOException {
    home = Files.createDirectories(shared.resolve(name));
    int port = freePort();
    config =
        Files.writeString(
            home.resolve("firebreak.yaml"), configuration(port, records, flags.uri()));
    api = new Api(port);
    process = started();
  }

  private static String configuration(int port, String records, URI launchDarkly) {
    return """
        listen: 127.0.0.1:%d
        data: ./data
        slos: ../slos
        records: "%s"
        flags:
          launchdarkly:
            project: %s
            environment: %s
            sdk_key: {file: ../sdk.key}
            token: {file: ../token}
            base_uri: %s
            stream_uri: %5$s
        guard:
          mode: act
          eligible: ["race-*"]
          limits:
            toggles_per_hour: 100000
            toggles_per_day: 100000
            propagation: 1s
            settle: 1s
            intent_expires_after: 2m
        """
        .formatted(
            port, records, FakeLaunchDarkly.PROJECT, FakeLaunchDarkly.ENVIRONMENT, launchDarkly);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Child started() throws IOException {
    return Child.start(home.resolve("log"), "serve", "--config", config.toString());
  }

  Api api() {
    return api;
  }

  void pause() throws IOException, InterruptedException {
    process.pause();
  }

  void resume() throws IOException, InterruptedException {
    process.resume();
  }

  /** Ends it as a power cut would, and starts it again. */
  void kill() throws IOException, InterruptedException {
    process.kill();
    process = started();
  }

  void awaitUp() {
    api.await(home + " is up", PATIENCE, () -> tried("/api/v1/guard"));
  }

  /** Waits until it has seen the flag as it was found, and changed once. */
  void awaitChange(String flag) {
    api.await(
        "a change of " + flag,
        PATIENCE,
        () ->
            tried("/api/v1/changes?since=0&limit=10000")
                .filter(
                    answer ->
                        Api.list(answer.path("changes")).stream()
                            .anyMatch(
                                change ->
                                    change
                                        .toString()
                                        .contains("\"%s changed in".formatted(flag)))));
  }

  /** The answer; none while it does not answer. */
  private Optional<JsonNode> tried(String path) {
    try {
      return Optional.of(api.get(path));
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  String log() throws IOException {
    return Files.readString(home.resolve("log"));
  }

  @Override
  public void close() {
    process.close();
    api.close();
  }
}
