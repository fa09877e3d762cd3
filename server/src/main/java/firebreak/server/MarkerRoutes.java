package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.TimeRange;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Markers in Honeycomb's shape, as changes on the one timeline: those of a dataset are about the
 * service of its name, those of {@code __all__} about no single one. A marker cannot be changed or
 * taken away again, as no change can.
 */
final class MarkerRoutes implements Routes {
  private static final String ALL = "__all__";
  private static final Set<String> KEYS =
      Set.of(
          "start_time",
          "end_time",
          "message",
          "type",
          "url",
          "id",
          "created_at",
          "updated_at",
          "color");

  private final ChangeLog changes;
  private final Door door;
  private final InstantSource clock;

  MarkerRoutes(ChangeLog changes, Door door, InstantSource clock) {
    this.changes = changes;
    this.door = door;
    this.clock = clock;
  }

  @Override
  public void register(Router router) {
    door.post(router, "/1/markers/:dataset", Scope.INGEST, this::create);
    door.get(router, "/1/markers/:dataset", Scope.QUERY, this::list);
  }

  private Answer create(RoutingContext ctx) throws IOException {
    String service = service(ctx);
    JsonNode body = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check("a marker", body, KEYS);
    Instant start = time(body, "start_time", clock.instant());
    Instant end = body.hasNonNull("end_time") ? time(body, "end_time", start) : null;
    if (end != null && end.isBefore(start)) {
      throw new IllegalArgumentException("a marker ends after its start_time " + start);
    }
    @Nullable String key = ctx.request().getHeader("Idempotency-Key");
    Change.Marker marker =
        new Change.Marker(
            Change.id("marker", service, key == null ? UUID.randomUUID().toString() : key),
            start,
            end,
            service,
            "",
            body.path("type").asText(""),
            "",
            "",
            body.path("message").asText(""),
            Access.principal(ctx).name(),
            body.path("url").asText(""));
    changes.record(marker);
    return Answer.json(201, view(marker));
  }

  private Answer list(RoutingContext ctx) {
    String service = service(ctx);
    List<Change.Marker> markers =
        changes.changes(new TimeRange(EventTime.EARLIEST, EventTime.LATEST)).stream()
            .map(change -> change instanceof Change.Marker marker ? marker : null)
            .filter(Objects::nonNull)
            .filter(marker -> marker.service().equals(service))
            .toList();
    return Answer.json(JsonTree.array(markers, MarkerRoutes::view));
  }

  private static String service(RoutingContext ctx) {
    String dataset = Parameters.path(ctx, "dataset");
    return dataset.equals(ALL) ? "" : Datasets.checked(dataset);
  }

  /** A Unix time, in seconds. */
  private static Instant time(JsonNode body, String name, Instant otherwise) {
    JsonNode node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    if (!node.isNumber()) {
      throw new IllegalArgumentException(name + " is a Unix time in seconds, was " + node);
    }
    try {
      return Instant.ofEpochSecond(node.longValue());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + " is a Unix time in seconds, was " + node, e);
    }
  }

  private static ObjectNode view(Change.Marker marker) {
    ObjectNode view = JsonTree.object();
    view.put("id", marker.id());
    view.put("start_time", marker.time().getEpochSecond());
    if (marker.finishedAt() != null) {
      view.put("end_time", marker.finishedAt().getEpochSecond());
    }
    view.put("message", marker.summary());
    view.put("type", marker.type());
    view.put("url", marker.url());
    return view;
  }
}
