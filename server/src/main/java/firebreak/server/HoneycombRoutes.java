package firebreak.server;

import com.fasterxml.jackson.core.JsonParser;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ingest as Honeycomb's clients know it. */
final class HoneycombRoutes implements Routes {
  private final EventStore store;
  private final InstantSource clock;
  private final Intake intake;

  HoneycombRoutes(EventStore store, InstantSource clock, Intake intake) {
    this.store = store;
    this.clock = clock;
    this.intake = intake;
  }

  @Override
  public void register(Router router) {
    intake.post(router, "/1/events/:dataset", Limits.BODY_BYTES, this::event);
    intake.post(router, "/1/batch/:dataset", Limits.BODY_BYTES, this::batch);
    router
        .get("/1/auth")
        .handler(intake.access().requireAny())
        .handler(ctx -> auth(Access.principal(ctx)).send(ctx));
  }

  private Answer event(RoutingContext ctx) throws IOException {
    String dataset = Datasets.checked(Parameters.path(ctx, "dataset"));
    Instant now = clock.instant();
    try (JsonParser parser = parser(ctx)) {
      Event event =
          new HoneycombReader(parser, now)
              .event(
                  ctx.request().getHeader("X-Honeycomb-Event-Time"),
                  ctx.request().getHeader("X-Honeycomb-Samplerate"));
      Durability safe = store.append(dataset, List.of(event), Receipt.key(ctx, now));
      return Receipt.on(Answer.empty(200), safe);
    }
  }

  private Answer batch(RoutingContext ctx) throws IOException {
    String dataset = Datasets.checked(Parameters.path(ctx, "dataset"));
    Instant now = clock.instant();
    List<HoneycombReader.Reading> readings;
    try (JsonParser parser = parser(ctx)) {
      readings = new HoneycombReader(parser, now).batch();
    }
    List<Event> events = new ArrayList<>();
    List<Map<String, Object>> statuses = new ArrayList<>();
    for (HoneycombReader.Reading reading : readings) {
      switch (reading) {
        case HoneycombReader.Reading.Good good -> {
          events.add(good.event());
          statuses.add(Map.of("status", 202));
        }
        case HoneycombReader.Reading.Bad bad ->
            statuses.add(Map.of("status", 400, "error", bad.why()));
      }
    }
    Answer answer = Answer.json(statuses);
    return events.isEmpty()
        ? answer
        : Receipt.on(answer, store.append(dataset, events, Receipt.key(ctx, now)));
  }

  private static JsonParser parser(RoutingContext ctx) throws IOException {
    byte[] body = Body.of(ctx);
    if (body.length == 0) {
      throw new IllegalArgumentException("the body is empty");
    }
    return switch (Parameters.mediaType(ctx)) {
      // Many a client of an HTTP API sends JSON under no name, or under curl's default one.
      case "", "application/json", "text/plain", "application/x-www-form-urlencoded" ->
          Json.MAPPER.getFactory().createParser(body);
      case "application/msgpack", "application/x-msgpack" ->
          MessagePackReader.read(body).traverse(Json.MAPPER);
      default ->
          throw new Refusal(
              415,
              "Content-Type %s is not known here; send application/json or application/msgpack"
                  .formatted(ctx.request().getHeader("Content-Type")));
    };
  }

  private static Answer auth(Access.Principal principal) {
    return Answer.json(
        Map.of(
            "id",
            principal.name(),
            "type",
            principal.may(Scope.QUERY) ? "configuration" : "ingest",
            "api_key_access",
            Map.of(
                "events", principal.may(Scope.INGEST),
                "markers", principal.may(Scope.INGEST),
                "createDatasets", principal.may(Scope.INGEST),
                "queries", principal.may(Scope.QUERY),
                "columns", principal.may(Scope.QUERY),
                "slos", principal.may(Scope.SLO_WRITE)),
            "environment",
            Map.of("name", "", "slug", ""),
            "team",
            Map.of("name", "Firebreak", "slug", "firebreak")));
  }
}
