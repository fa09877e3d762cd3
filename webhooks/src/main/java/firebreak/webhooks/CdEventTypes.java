package firebreak.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.webhooks.Sender.Told;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What CDEvents of each type become, whatever the version of the type. */
final class CdEventTypes {
  private static final Pattern TYPE = Pattern.compile("dev\\.cdevents\\.([a-z]+\\.[a-z]+)\\..+");
  private static final Pattern PACKAGE =
      Pattern.compile("pkg:[^/]+/(?:.*/)?([^/@?#]+)(?:@([^?#]+))?(?:[?#].*)?");

  private final Payload context;
  private final Payload subject;
  private final Payload content;
  private final Payload custom;
  private final Instant time;

  private CdEventTypes(Payload event, Instant now) {
    context = event.object("context");
    subject = event.object("subject");
    content = subject.object("content");
    @Nullable JsonNode told = event.any("customData");
    custom = told != null && told.isObject() ? event.object("customData") : Payload.EMPTY;
    time = Payload.first(context.time("timestamp"), null, now);
  }

  static Told read(Payload event, Instant now) {
    String type = event.object("context").requiredText("type");
    Matcher match = TYPE.matcher(type);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "context.type must be one such as dev.cdevents.service.deployed.0.3.0, was \"%s\""
              .formatted(Payload.firstLine(type)));
    }
    CdEventTypes reader = new CdEventTypes(event, now);
    return switch (match.group(1)) {
      case "build.queued", "pipelinerun.queued" -> reader.build(BuildState.QUEUED);
      case "build.started", "pipelinerun.started" -> reader.build(BuildState.RUNNING);
      case "build.finished", "pipelinerun.finished" -> reader.build(reader.outcome());
      case "service.deployed", "service.upgraded", "service.rolledback" -> reader.deploy();
      case "change.merged" -> reader.merge();
      case "artifact.published", "artifact.packaged" -> reader.artifact();
      case "incident.detected", "incident.reported" -> reader.incident(null);
      case "incident.resolved" -> reader.incident(reader.time);
      default -> new Told.Nothing("the event " + type + " tells of no change");
    };
  }

  /** A build that is finished has an artifact; a run of a pipeline says how it went. */
  private BuildState outcome() {
    return switch (content.text("outcome")) {
      case "failure", "error" -> BuildState.FAILED;
      case "cancel", "canceled", "cancelled" -> BuildState.CANCELLED;
      default -> BuildState.SUCCEEDED;
    };
  }

  private Told build(BuildState state) {
    String id = subject.requiredText("id");
    String pipeline = content.text("pipelineName");
    boolean isOver = state != BuildState.QUEUED && state != BuildState.RUNNING;
    return Told.change(
        new Change.Build(
            Change.id("build", "cdevents", source(), id),
            time,
            isOver ? time : null,
            service(pipeline.isEmpty() ? artifactName() : pipeline),
            id,
            custom.text("commit"),
            custom.text("branch"),
            custom.text("repository"),
            state,
            Payload.firstLine(content.text("errors")),
            custom.text("actor"),
            content.webAddress("uri")));
  }

  /**
   * A service that was rolled back runs what the event names: that too is a deploy, of an earlier
   * build.
   */
  private Told deploy() {
    Payload environment = content.object("environment");
    String version = artifactVersion();
    String buildId = custom.textOrNumber("build_id");
    String service = service(GitAddress.lastPart(subject.requiredText("id")));
    return Told.change(
        new Change.Deploy(
            Change.id("deploy", "cdevents", contextSource(), context.requiredText("id")),
            time,
            time,
            service,
            Payload.firstNonEmpty(environment, "id", "name"),
            buildId.isEmpty() ? version : buildId,
            version,
            custom.text("commit"),
            custom.text("repository"),
            DeployState.SUCCEEDED,
            false,
            Payload.firstLine(content.text("artifactId")),
            custom.text("actor"),
            custom.webAddress("url")));
  }

  private Told merge() {
    String repository = content.object("repository").text("id");
    return Told.change(
        marker(
            "merge",
            Change.id("marker", "cdevents", "merge", source(), subject.requiredText("id")),
            null,
            GitAddress.lastPart(repository),
            "",
            repository,
            "change %s merged".formatted(subject.requiredText("id"))));
  }

  private Told artifact() {
    String id = subject.requiredText("id");
    return Told.change(
        marker(
            "artifact",
            Change.id("marker", "cdevents", "artifact", source(), id),
            null,
            service(name(id)),
            "",
            custom.text("repository"),
            "artifact " + id));
  }

  private Told incident(@Nullable Instant resolved) {
    String id = subject.requiredText("id");
    String said = content.text("description");
    return Told.change(
        marker(
            "incident",
            Change.id("marker", "cdevents", "incident", source(), id),
            resolved,
            GitAddress.lastPart(content.object("service").text("id")),
            content.object("environment").text("id"),
            "",
            said.isEmpty() ? "incident " + id : "incident " + id + ": " + said));
  }

  private Change.Marker marker(
      String type,
      String id,
      @Nullable Instant finished,
      String service,
      String environment,
      String repository,
      String summary) {
    return new Change.Marker(
        id,
        time,
        finished,
        service,
        environment,
        type,
        repository,
        custom.text("commit"),
        Payload.firstLine(summary),
        custom.text("actor"),
        content.webAddress("ticketURI"));
  }

  private String service(String otherwise) {
    String told = custom.text("service");
    return told.isEmpty() ? otherwise : told;
  }

  private String contextSource() {
    return context.requiredText("source");
  }

  private String source() {
    String source = subject.text("source");
    return source.isEmpty() ? contextSource() : source;
  }

  private String artifactName() {
    return name(content.text("artifactId"));
  }

  private static String name(String artifact) {
    Matcher match = PACKAGE.matcher(artifact);
    return match.matches() ? match.group(1) : "";
  }

  private String artifactVersion() {
    Matcher match = PACKAGE.matcher(content.text("artifactId"));
    @Nullable String version = match.matches() ? match.group(2) : null;
    return version == null ? "" : URLDecoder.decode(version, StandardCharsets.UTF_8);
  }
}
