package firebreak.server;

import firebreak.sim.FlagFileEdit;
import firebreak.sim.Simulation;
import firebreak.sim.TalkIncident;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A folder as the demo has it: configuration, objective, flags, secret. */
record Scene(Path folder) {
  static final String GITHUB_SECRET = "It's a Secret to Everybody";

  /** Writes all but the configuration. */
  static Scene in(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("slos"));
    Files.writeString(folder.resolve("slos/query-api-fast.yaml"), resource("query-api-fast.yaml"));
    Files.writeString(folder.resolve("github.secret"), GITHUB_SECRET);
    FlagFileEdit.create(folder.resolve("flags.json"));
    return new Scene(folder);
  }

  /** The demo's own configuration. */
  static String demo(int port) throws IOException {
    return resource("demo.yaml").formatted(port);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DemoCommand.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  Path flags() {
    return folder.resolve("flags.json");
  }

  Path ledger() {
    return folder.resolve("ledger.txt");
  }

  /** Writes the configuration and gives its path. */
  Path configured(String yaml) throws IOException {
    return Files.writeString(folder.resolve("firebreak.yaml"), yaml);
  }

  Config config(String yaml) throws IOException {
    return ConfigReader.read(configured(yaml), Map.of());
  }

  /** The flag as the file has it, with its version. */
  String flag(String key) throws IOException {
    return Json.MAPPER.readTree(flags().toFile()).path("flags").path(key).toString();
  }

  long flagVersion(String key) throws IOException {
    return Json.MAPPER.readTree(flags().toFile()).path("flags").path(key).path("version").asLong();
  }

  Simulation.Plan plan(URI server, boolean backdated, Duration live) {
    return new Simulation.Plan(
        server,
        "",
        TalkIncident.Kind.TALK,
        1,
        flags(),
        GITHUB_SECRET,
        true,
        backdated,
        live,
        ledger());
  }

  /** The span ids that the server has acknowledged so far. */
  List<String> acknowledged() throws IOException {
    return Files.exists(ledger()) ? Files.readAllLines(ledger()) : List.of();
  }
}
