package firebreak.bench.api;

import firebreak.bench.store.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The service as it is delivered, in a process of its own with little memory. */
final class Service implements AutoCloseable {
  static final String HEAP = "512m";

  /** By which Alertmanager's webhooks are known; the service asks for no key otherwise. */
  static final String SECRET = "bench";

  private static final String CONFIGURATION =
      "webhooks: {alertmanager: {secrets: [{file: ./secret}]}}\n";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LISTENS = "listens on http://127.0.0.1:";

  private final Process process;
  private final Path folder;
  private final int port;

  private Service(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts it with no events.
   *
   * @param home where the launcher has built it
   * @param folder where its data and its log lie; removed at the end
   */
  static Service start(Path home, Path folder) throws IOException, InterruptedException {
    Path target = home.resolve("target");
    if (!Files.exists(target.resolve("server.jar"))) {
      throw new IllegalArgumentException(
          target + " has no server.jar: run ./firebreak bench api, which builds it");
    }
    Files.createDirectories(folder);
    Path log = folder.resolve("service.log");
    Files.writeString(folder.resolve("secret"), SECRET);
    Path configuration = Files.writeString(folder.resolve("firebreak.yaml"), CONFIGURATION);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("jvm.options"),
                "-Xmx" + HEAP,
                "-cp",
                target.resolve("server.jar") + ":" + target.resolve("lib") + "/*",
                "firebreak.server.Main",
                "serve",
                "--config",
                configuration.toString(),
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      String said = Files.readString(log);
      int at = said.indexOf(LISTENS);
      if (at >= 0 && said.indexOf('\n', at) > 0) {
        String number = said.substring(at + LISTENS.length(), said.indexOf('\n', at)).strip();
        return new Service(process, folder, Integer.parseInt(number.replaceAll("\\D.*", "")));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    process.destroyForcibly();
    throw new IOException("the service does not start: " + Files.readString(log));
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The most memory that it has taken, mapped files included; 0 where nobody tells. */
  long residentPeak() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
            .findFirst()
            .orElse(0)
        : 0;
  }

  /** The time that its processors have worked for it, in seconds; NaN where nobody tells. */
  double processorSeconds() {
    return seconds(process.info());
  }

  static double seconds(ProcessHandle.Info info) {
    return info.totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
  }

  /** Errors in its log. */
  long errors() throws IOException {
    return Files.readAllLines(folder.resolve("service.log")).stream()
        .filter(line -> line.contains(" ERROR ") || line.contains("OutOfMemory"))
        .count();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Folders.delete(folder);
  }
}
