package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Audience;
import firebreak.guard.AuditLog;
import firebreak.guard.Guard;
import firebreak.guard.Incident;
import firebreak.guard.Mode;
import firebreak.guard.Reply;
import firebreak.guard.WayBack;
import firebreak.records.AuditChain;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Incidents, what people do about them, the guard's mode and the audit record. */
final class GuardRoutes implements Routes {
  private static final int AUDIT_RECORDS = 1_000;
  private static final int AUDIT_RECORDS_AT_MOST = 10_000;

  private final Guard guard;
  private final AuditChain audit;
  private final StopFile stop;
  private final EvidenceQueries evidence;
  private final SuspectCommits commits;
  private final Door door;
  private final InstantSource clock;

  GuardRoutes(
      Guard guard,
      AuditChain audit,
      StopFile stop,
      EvidenceQueries evidence,
      SuspectCommits commits,
      Door door,
      InstantSource clock) {
    this.guard = guard;
    this.audit = audit;
    this.stop = stop;
    this.evidence = evidence;
    this.commits = commits;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    String incidents = "/api/v1/incidents";
    String mitigations = incidents + "/:id/mitigations";
    door.get(router, incidents, Scope.QUERY, this::incidents);
    door.get(router, incidents + "/:id", Scope.QUERY, this::incident);
    door.post(router, mitigations, Scope.MITIGATE_ARM, this::request);
    door.post(
        router,
        mitigations + "/:mitigation/approve",
        Scope.MITIGATE_ARM,
        ctx -> reply(guard.approve(id(ctx), mitigation(ctx), actor(ctx), clock.instant())));
    door.post(
        router,
        mitigations + "/:mitigation/dismiss",
        Scope.MITIGATE_RECOMMEND,
        ctx -> reply(guard.dismiss(id(ctx), mitigation(ctx), actor(ctx), clock.instant())));
    door.post(
        router,
        mitigations + "/:mitigation/undo",
        Scope.MITIGATE_ARM,
        ctx -> reply(guard.undo(id(ctx), mitigation(ctx), actor(ctx), clock.instant())));
    door.post(router, mitigations + "/:mitigation/step", Scope.MITIGATE_ARM, this::step);
    door.get(router, mitigations + "/:mitigation/next-step", Scope.QUERY, this::nextStep);
    door.get(router, "/api/v1/guard", Scope.QUERY, _ -> Answer.json(guardView()));
    door.put(router, "/api/v1/guard", Scope.STOP, this::changeGuard);
    door.get(router, "/api/v1/audit", Scope.QUERY, this::audit);
    door.get(router, "/api/v1/audit/head", Scope.QUERY, _ -> head());
    door.get(
        router,
        "/api/v1/audit/verify",
        Scope.QUERY,
        _ -> Answer.json(verification(audit.verify())));
  }

  private Answer incidents(RoutingContext ctx) {
    String state = ctx.queryParams().get("state");
    List<Incident> found =
        guard.incidents().stream()
            .filter(incident -> state == null || IncidentView.word(incident.state()).equals(state))
            .sorted(Comparator.comparing(Incident::openedAt).reversed())
            .toList();
    ObjectNode view = JsonTree.object();
    view.set("incidents", JsonTree.array(found, this::view));
    return Answer.json(view);
  }

  private Answer incident(RoutingContext ctx) {
    String id = id(ctx);
    return guard.incidents().stream()
        .filter(incident -> incident.id().equals(id))
        .findFirst()
        .map(incident -> Answer.json(view(incident)))
        .orElseThrow(() -> new Refusal(404, "there is no incident " + id));
  }

  private Answer request(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a mitigation", body, Set.of("action", "until", "dry_run"));
    JsonNode action = body.path("action");
    KnownKeys.check(
        "an action", action, Set.of("flag", "audience", "to_variation", "from_variation"));
    return reply(
        guard.request(
            id(ctx),
            action.path("flag").asText(),
            audience(action.path("audience")),
            action.path("to_variation").asText(""),
            time(body.path("until")),
            actor(ctx),
            truth(body, "dry_run"),
            clock.instant()));
  }

  private Answer step(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check(
        "a step", body, Set.of("percent", "contexts", "context_kind", "build", "dry_run"));
    WayBack.Wish wish =
        new WayBack.Wish(
            body.path("percent").asInt(0),
            keys(body.path("contexts")),
            body.path("context_kind").asText(""),
            body.path("build").asText(""));
    return reply(
        guard.step(
            id(ctx), mitigation(ctx), wish, actor(ctx), truth(body, "dry_run"), clock.instant()));
  }

  private Answer nextStep(RoutingContext ctx) {
    String build = ctx.queryParams().get("build");
    return guard
        .nextStep(id(ctx), mitigation(ctx), build == null ? "" : build, clock.instant())
        .map(next -> Answer.json(WayBackView.view(next)))
        .orElseThrow(
            () ->
                new Refusal(404, "there is nothing that this mitigation could give back in steps"));
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.forEach(key -> keys.add(key.asText()));
    return keys;
  }

  private static @Nullable Instant time(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    try {
      return Instant.parse(node.asText());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "until is a time such as 2026-05-04T12:00:00Z, was " + node, e);
    }
  }

  private static Audience audience(JsonNode node) {
    return switch (node.path("kind").asText()) {
      case "everyone" -> new Audience.Everyone();
      case "segment" -> new Audience.Segment(node.path("key").asText());
      case "context" ->
          new Audience.Contexts(node.path("context_kind").asText(), keys(node.path("keys")));
      default ->
          throw new IllegalArgumentException(
              "an audience's kind is context, segment or everyone, was " + node.path("kind"));
    };
  }

  /** The incident with the queries that show its evidence, and the commits behind its suspects. */
  ObjectNode view(Incident incident) {
    ObjectNode view = IncidentView.view(incident);
    view.set("queries", JsonTree.texts(evidence.ids(incident)));
    commits.add(view, incident);
    return view;
  }

  private Answer reply(Reply reply) {
    return switch (reply) {
      case Reply.Done done -> Answer.json(view(done.incident()));
      case Reply.WouldChange would -> {
        ObjectNode view = JsonTree.object().put("dry_run", true);
        view.set("before", JsonTree.parsed(would.before()));
        view.set("after", JsonTree.parsed(would.after()));
        view.set("notes", JsonTree.texts(would.notes()));
        yield Answer.json(view);
      }
      case Reply.NotFound(String why) -> throw new Refusal(404, why);
      case Reply.Conflict(String why) -> throw new Refusal(409, why);
      case Reply.Refused(String why) -> throw new Refusal(422, why);
      case Reply.Unavailable(String why) -> throw Refusal.overloaded(why);
    };
  }

  /** The guard's mode and switch, as the API shows them. */
  ObjectNode guardView() {
    ObjectNode view = JsonTree.object();
    view.put("mode", IncidentView.word(guard.mode()));
    view.put("stop", guard.isStopped());
    view.set("eligible", JsonTree.texts(guard.settings().eligible()));
    view.put("environment", guard.settings().environment());
    ObjectNode limits = view.putObject("limits");
    limits.put("toggles_per_hour", guard.settings().limits().togglesPerHour());
    limits.put("toggles_per_day", guard.settings().limits().togglesPerDay());
    limits.put("toggles_per_flag_per_day", guard.settings().limits().togglesPerFlagPerDay());
    return view;
  }

  private Answer changeGuard(RoutingContext ctx) throws IOException {
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("the guard", body, Set.of("mode", "stop"));
    boolean on = truth(body, "stop");
    Mode mode = body.hasNonNull("mode") ? mode(body.path("mode").asText()) : guard.mode();
    if (body.hasNonNull("mode")
        && mode == Mode.ACT
        && !Access.principal(ctx).may(Scope.MITIGATE_ARM)) {
      throw new Refusal(403, "arming the guard needs the scope mitigate:arm");
    }
    // Only now that all of it is known to make sense: no half of a request is done.
    if (body.hasNonNull("stop")) {
      stop.turn(on);
      guard.noticeStop(actor(ctx), clock.instant());
    }
    if (body.hasNonNull("mode")) {
      guard.setMode(mode, actor(ctx), clock.instant());
    }
    return Answer.json(guardView());
  }

  /** False where there is none. Nothing is guessed: "on", read as false, would lift the stop. */
  private static boolean truth(JsonNode body, String key) {
    JsonNode node = body.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return false;
    }
    if (!node.isBoolean()) {
      throw new IllegalArgumentException("%s is true or false, was %s".formatted(key, node));
    }
    return node.asBoolean();
  }

  private static Mode mode(String text) {
    for (Mode mode : Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("mode is watch, ask or act, was " + text);
  }

  private Answer audit(RoutingContext ctx) {
    long since = number(ctx, "since", 0);
    long limit = Math.min(number(ctx, "limit", AUDIT_RECORDS), AUDIT_RECORDS_AT_MOST);
    ObjectNode view = JsonTree.object();
    view.set("records", JsonTree.array(audit.since(since, (int) limit), GuardRoutes::record));
    return Answer.json(view);
  }

  static ObjectNode record(AuditLog.AuditRecord record) {
    ObjectNode view = JsonTree.object();
    view.put("seq", record.sequence());
    view.set("time", JsonTree.time(record.time()));
    view.put("actor", record.actor());
    view.put("kind", record.kind());
    view.put("incident", record.incident());
    view.put("mitigation", record.mitigation());
    view.set("body", JsonTree.parsed(record.body()));
    view.put("hash", record.hash());
    view.put("previous_hash", record.previousHash());
    return view;
  }

  private Answer head() {
    return Answer.json(JsonTree.object().put("hash", audit.head()));
  }

  /** What recomputing every hash of the chain has shown. */
  static ObjectNode verification(AuditChain.Verification verification) {
    ObjectNode view = JsonTree.object();
    return switch (verification) {
      case AuditChain.Verification.Intact(long count, String head) ->
          view.put("whole", true).put("records", count).put("head", head);
      case AuditChain.Verification.Broken(long sequence, String why) ->
          view.put("whole", false).put("sequence", sequence).put("why", why);
    };
  }

  private static long number(RoutingContext ctx, String name, long otherwise) {
    String text = ctx.queryParams().get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(name + " is a whole number, was " + text);
    }
    return Long.parseLong(text);
  }

  private static String id(RoutingContext ctx) {
    return Parameters.path(ctx, "id");
  }

  private static String mitigation(RoutingContext ctx) {
    return Parameters.path(ctx, "mitigation");
  }

  private static String actor(RoutingContext ctx) {
    return Access.principal(ctx).name();
  }
}
