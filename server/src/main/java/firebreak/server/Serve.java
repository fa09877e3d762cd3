package firebreak.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The service, until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the service: takes events, webhooks and OpenTelemetry, watches the objectives,",
      "finds what burns them and, where it may, stops it.",
      "",
      "Without a configuration it listens on 127.0.0.1:8080, keeps everything in ./data and",
      "only watches. SIGTERM stops it after the requests under way have been answered.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  firebreak serve",
      "  firebreak serve --config firebreak.yaml --check",
      "  firebreak serve --port 9090 --data /var/lib/firebreak"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:stopped as asked, or the configuration is good", "2:it could not start"})
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  private final Map<String, String> environment;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration, a YAML file. Without it the defaults hold.")
  @Nullable Path config;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port to listen on, whatever the configuration says; 0 picks a free one.")
  @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder of all data, whatever the configuration says.")
  @Nullable Path data;

  @Option(
      names = "--check",
      description = "Says whether the configuration is good, and exits.")
  boolean check;

  Serve(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Config settings = StartFailure.explain(this::settings);
    if (check) {
      out.println(config == null ? "The defaults are good." : config + " is good.");
      return 0;
    }
    App app = StartFailure.explain(() -> App.start(settings, InstantSource.system()));
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              LOG.info("Stopping");
              app.close();
              LOG.info("Stopped");
              stopped.countDown();
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    out.println("Firebreak listens on http://%s:%d".formatted(host(settings), app.port()));
    stopped.await();
    return 0;
  }

  private Config settings() {
    Config read =
        config == null
            ? ConfigReader.defaults(environment)
            : ConfigReader.read(config, environment);
    return read.with(port, data);
  }

  private static String host(Config settings) {
    String host = settings.listen().host();
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
