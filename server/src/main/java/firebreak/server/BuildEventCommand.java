package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Spans of a build that a shell has timed, in the words of buildevents. */
@Command(
    name = "build-event",
    mixinStandardHelpOptions = true,
    description = {
      "Sends a span of a build that a shell has timed, with buildevents' arguments.",
      "What is not sent is said, and the exit code is 0: it never breaks a build."
    },
    footer = {
      "",
      "Examples:",
      "  firebreak build-event step \"$BUILD_ID\" \"$STEP_ID\" \"$STEP_START\" install",
      "  firebreak build-event build \"$BUILD_ID\" \"$BUILD_START\" success"
    })
final class BuildEventCommand {
  private final Map<String, String> environment;
  private final InstantSource clock;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  BuildEventCommand(Map<String, String> environment, InstantSource clock) {
    this.environment = environment;
    this.clock = clock;
  }

  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
      description = "The whole build, once it is over: the span above all others.")
  int build(
      @Mixin SpanSender sender,
      @Parameters(paramLabel = "BUILD_ID") String build,
      @Parameters(paramLabel = "BUILD_START", description = "in Unix seconds") long start,
      @Parameters(paramLabel = "OUTCOME", description = "success or failure") String outcome)
      throws InterruptedException {
    if (!outcome.equals("success") && !outcome.equals("failure")) {
      throw StartFailure.because("OUTCOME is success or failure, was " + outcome);
    }
    ObjectNode span = JsonTree.object();
    span.put("trace.trace_id", build);
    span.put("trace.span_id", build);
    span.put("service_name", "build");
    span.put("name", "build " + build);
    span.put("status", outcome);
    if (outcome.equals("failure")) {
      span.put("error", true);
    }
    return send(sender, span, start);
  }

  @Command(
      name = "step",
      mixinStandardHelpOptions = true,
      description = "A group of commands, once it is over.")
  int step(
      @Mixin SpanSender sender,
      @Parameters(paramLabel = "BUILD_ID") String build,
      @Parameters(paramLabel = "STEP_ID") String step,
      @Parameters(paramLabel = "START", description = "in Unix seconds") long start,
      @Parameters(paramLabel = "NAME") String name)
      throws InterruptedException {
    ObjectNode span = JsonTree.object();
    span.put("trace.trace_id", build);
    span.put("trace.span_id", step);
    span.put("trace.parent_id", build);
    span.put("service_name", "step");
    span.put("name", name);
    return send(sender, span, start);
  }

  private int send(SpanSender sender, ObjectNode span, long startSeconds)
      throws InterruptedException {
    Instant start = Instant.ofEpochSecond(startSeconds);
    Duration took = Duration.between(start, clock.instant());
    sender.send(
        span,
        start,
        took.isNegative() ? Duration.ZERO : took,
        environment,
        spec.commandLine().getErr());
    return 0;
  }
}
