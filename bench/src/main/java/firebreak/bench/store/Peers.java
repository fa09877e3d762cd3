package firebreak.bench.store;

import firebreak.bench.wide.WideEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The stores that are measured: those that can be had, and why the others cannot. */
final class Peers implements AutoCloseable {
  private static final int FETCH_MINUTES = 15;

  private final Settings settings;
  private final Workload workload;
  private final List<Peer> open = new ArrayList<>();
  private final Map<String, String> absent = new LinkedHashMap<>();

  Peers(Settings settings, Workload workload) {
    this.settings = settings;
    this.workload = workload;
  }

  /** Opens a store, or says why it is absent. */
  @Nullable Peer open(String name) {
    try {
      Peer peer = opened(name);
      open.add(peer);
      return peer;
    } catch (Exception e) {
      absent.put(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private Peer opened(String name) throws Exception {
    Path folder = settings.folder().resolve(name);
    return switch (name) {
      case "firebreak" -> new FirebreakPeer(folder, workload);
      case "duckdb" -> new DuckDbPeer(settings.folder().resolve("duck.db"), workload);
      case "duckdb_tuned" -> tuned();
      case "clickhouse" -> new ClickHousePeer(clickHouse(), folder, workload);
      case "opensearch" -> new OpenSearchPeer(openSearch(), folder, fewer());
      default -> throw new IllegalArgumentException("there is no peer " + name);
    };
  }

  /** OpenSearch takes its time: by default it gets a smaller day. */
  private Workload fewer() {
    return settings.openSearchEvents() >= settings.events()
        ? workload
        : new Workload(new WideEvents(settings.openSearchEvents(), settings.seed()));
  }

  private Peer tuned() {
    return opened(DuckDbPeer.class)
        .orElseThrow(
            () -> new IllegalStateException("it copies the table of duckdb, which is not here"))
        .tuned();
  }

  /** Installed by npm on first use; about 550 MB. */
  private Path clickHouse() throws Exception {
    Path program = settings.home().resolve("clickhouse");
    if (!Files.isDirectory(program.resolve("node_modules/chdb"))) {
      // Not "ci": it insists on the packages of other platforms, which not every registry has.
      fetch(program, "npm", "install", "--no-save", "--no-audit", "--no-fund");
    }
    return program;
  }

  /** Fetched by Maven on first use; about 60 MB. */
  private Path openSearch() throws Exception {
    Path program = settings.home().resolve("opensearch");
    if (!Files.isDirectory(program.resolve("target/lib"))) {
      fetch(program, "mvn", "-q", "--no-transfer-progress", "-f", "pom.xml", "package");
    }
    return program;
  }

  private void fetch(Path program, String... command) throws IOException, InterruptedException {
    Path log = settings.folder().resolve("fetch.log");
    Process process =
        new ProcessBuilder(command)
            .directory(program.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(FETCH_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      List<String> lines = Files.readAllLines(log);
      throw new IOException(
          "'%s' in %s failed: %s"
              .formatted(
                  String.join(" ", command),
                  program.getFileName(),
                  lines.isEmpty() ? "it said nothing" : lines.getFirst()));
    }
  }

  FirebreakPeer firebreak() {
    return opened(FirebreakPeer.class)
        .orElseThrow(() -> new IllegalStateException("our own store is not here: " + absent));
  }

  private <P extends Peer> Optional<P> opened(Class<P> kind) {
    return open.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  List<Peer> present() {
    return List.copyOf(open);
  }

  /** Leaves a store out from now on. */
  void drop(Peer peer, String why) {
    open.remove(peer);
    absent.put(peer.name(), why);
  }

  /** Why a store is not there, by its name. */
  Map<String, String> absent() {
    return absent;
  }

  @Override
  public void close() throws IOException, SQLException {
    for (Peer peer : open.reversed()) {
      peer.close();
    }
  }
}
