package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.records.Correction;
import firebreak.records.Records;
import firebreak.records.Reset;
import firebreak.slo.Objective;
import firebreak.slo.OpenSloText;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What people do to the history of an objective: reset it, and take stretches of time out of it.
 * Both are put on the audit record, since budgets decide. Also the objective as an OpenSLO
 * document.
 */
final class SloUpkeepRoutes implements Routes {
  private static final String PATH = "/api/v1/slos/:id";
  private static final int CORRECTIONS = 100;
  private static final int TEXT = 1_023;

  private final Records records;
  private final Objectives objectives;
  private final Door door;
  private final InstantSource clock;

  SloUpkeepRoutes(Records records, Objectives objectives, Door door, InstantSource clock) {
    this.records = records;
    this.objectives = objectives;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, PATH + "/reset", Scope.SLO_WRITE, this::reset);
    door.delete(router, PATH + "/reset", Scope.SLO_WRITE, this::takeResetBack);
    door.post(router, PATH + "/corrections", Scope.SLO_WRITE, this::correct);
    door.get(router, PATH + "/corrections", Scope.QUERY, ctx -> Answer.json(corrections(ctx)));
    door.delete(router, PATH + "/corrections/:correction", Scope.SLO_WRITE, this::takeBack);
    door.get(router, PATH + "/openslo", Scope.QUERY, this::document);
  }

  private Answer reset(RoutingContext ctx) throws IOException {
    Objective objective = objective(ctx);
    JsonNode body = body(ctx);
    KnownKeys.check("a reset", body, Set.of("at", "note"));
    Instant now = clock.instant();
    Instant at = body.hasNonNull("at") ? time(body, "at") : now;
    if (at.isAfter(now)) {
      throw new IllegalArgumentException("at is not in the future, was " + at);
    }
    Reset reset =
        new Reset(
            objective.id(), at, Access.principal(ctx).name(), JsonKeys.text(body, "note", 0, TEXT));
    ObjectNode view = JsonTree.object();
    view.set("reset_at", JsonTree.time(at));
    view.put("author", reset.author());
    view.put("note", reset.note());
    records.together(
        () -> {
          records.resets().save(reset);
          record(ctx, "slo_reset", objective, view);
        });
    objectives.reload();
    return Answer.json(view);
  }

  private Answer takeResetBack(RoutingContext ctx) {
    Objective objective = objective(ctx);
    records.together(
        () -> {
          records.resets().delete(objective.id());
          record(ctx, "slo_reset_undone", objective, JsonTree.object());
        });
    objectives.reload();
    return Answer.empty(204);
  }

  private Answer correct(RoutingContext ctx) throws IOException {
    Objective objective = objective(ctx);
    JsonNode body = body(ctx);
    KnownKeys.check("a correction", body, Set.of("start", "end", "note"));
    Correction correction =
        new Correction(
            UUID.randomUUID().toString(),
            objective.id(),
            time(body, "start"),
            time(body, "end"),
            Access.principal(ctx).name(),
            JsonKeys.text(body, "note", 1, TEXT),
            clock.instant());
    if (of(objective).size() >= CORRECTIONS) {
      throw new IllegalArgumentException(
          "an SLO has at most %d corrections".formatted(CORRECTIONS));
    }
    records.together(
        () -> {
          records.corrections().save(correction);
          record(ctx, "slo_corrected", objective, view(correction));
        });
    objectives.reload();
    return Answer.json(201, view(correction));
  }

  private ObjectNode corrections(RoutingContext ctx) {
    ObjectNode view = JsonTree.object();
    view.set("corrections", JsonTree.array(of(objective(ctx)), SloUpkeepRoutes::view));
    return view;
  }

  private List<Correction> of(Objective objective) {
    return records.corrections().all().stream()
        .filter(correction -> correction.slo().equals(objective.id()))
        .toList();
  }

  private Answer takeBack(RoutingContext ctx) {
    Objective objective = objective(ctx);
    String id = Parameters.path(ctx, "correction");
    Correction correction =
        of(objective).stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new Refusal(404, "there is no correction " + id));
    records.together(
        () -> {
          records.corrections().delete(id);
          record(ctx, "slo_correction_undone", objective, view(correction));
        });
    objectives.reload();
    return Answer.empty(204);
  }

  private Answer document(RoutingContext ctx) {
    return Answer.bytes(
        "application/yaml",
        OpenSloText.of(objectives.bare(Parameters.path(ctx, "id")))
            .getBytes(StandardCharsets.UTF_8));
  }

  private Objective objective(RoutingContext ctx) {
    return objectives.find(Parameters.path(ctx, "id"));
  }

  /** An absent body is an empty object. */
  private static JsonNode body(RoutingContext ctx) throws IOException {
    byte[] body = Body.of(ctx);
    return body.length == 0 ? JsonTree.object() : Json.MAPPER.readTree(body);
  }

  private static Instant time(JsonNode body, String key) {
    String text = JsonKeys.text(body, key);
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s is RFC 3339 such as 2026-01-31T12:00:00Z, was '%s'".formatted(key, text), e);
    }
  }

  private void record(RoutingContext ctx, String kind, Objective objective, ObjectNode told) {
    ObjectNode body = told.deepCopy().put("slo", objective.id());
    records
        .audit()
        .append(clock.instant(), Access.principal(ctx).name(), kind, "", "", body.toString());
  }

  private static ObjectNode view(Correction correction) {
    ObjectNode view = JsonTree.object();
    view.put("id", correction.id());
    view.set("start", JsonTree.time(correction.start()));
    view.set("end", JsonTree.time(correction.end()));
    view.put("author", correction.author());
    view.put("note", correction.note());
    view.set("created_at", JsonTree.time(correction.createdAt()));
    return view;
  }
}
