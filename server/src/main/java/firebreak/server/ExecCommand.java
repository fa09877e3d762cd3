package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.BuildTraces;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command of a build and sends a span of it. */
@Command(
    name = "exec",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a command of a build and sends a span of it, in the trace that the webhooks",
      "make of the same build. Under GitHub Actions, CircleCI, Buildkite and GitLab the",
      "trace is known by itself; elsewhere name it with --trace."
    },
    footer = {
      "",
      "Examples:",
      "  firebreak exec --name unit-tests -- mvn -q test",
      "  firebreak exec --trace \"$BUILD_ID\" --parent \"$STEP_ID\" --name lint -- npm run lint"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"N:that of the command", "127:it could not be started"})
final class ExecCommand implements Callable<Integer> {
  private static final int NOT_FOUND = 127;

  private final Map<String, String> environment;
  private final InstantSource clock;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private SpanSender sender = new SpanSender();

  @Option(names = "--name", paramLabel = "NAME", required = true, description = "the span's name")
  private String name = "";

  @Option(names = "--trace", paramLabel = "ID", description = "the build's trace")
  private @Nullable String trace;

  @Option(names = "--parent", paramLabel = "ID", description = "the span above; else the job's")
  private @Nullable String parent;

  @Option(names = "--job", paramLabel = "NAME", description = "the job above, by its shown name")
  private @Nullable String job;

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "the command, after --")
  private List<String> command = List.of();

  ExecCommand(Map<String, String> environment, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    BuildEnvironment build = BuildEnvironment.of(environment);
    String in = trace == null ? build.trace() : trace;
    if (in.isEmpty()) {
      err.println("firebreak: no build is known here, so no span is sent; name one with --trace");
    }
    Instant start = clock.instant();
    long began = System.nanoTime();
    int code = run(err);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (!in.isEmpty()) {
      ObjectNode span = JsonTree.object();
      span.put("trace.trace_id", in);
      span.put("trace.span_id", UUID.randomUUID().toString().replace("-", "").substring(0, 16));
      span.put("trace.parent_id", parent(in, build));
      span.put("service_name", "cmd");
      span.put("name", name);
      span.put("cmd", String.join(" ", command));
      span.put("status", code == 0 ? "success" : "failure");
      if (code != 0) {
        span.put("error", true);
        span.put("failure_reason", "exit status " + code);
      }
      sender.send(span, start, took, environment, err);
    }
    return code;
  }

  private String parent(String in, BuildEnvironment build) {
    if (parent != null) {
      return parent;
    }
    if (job != null) {
      return BuildTraces.jobSpan(in, job);
    }
    return trace == null ? build.job() : in;
  }

  private int run(PrintWriter err) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      err.println("firebreak: " + e.getMessage());
      return NOT_FOUND;
    }
  }
}
