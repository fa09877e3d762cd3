package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.webhooks.GenericFacts;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Builds, deploys and flag changes from anyone: 201 when new, 200 with the same id when known. */
final class FactRoutes implements Routes {
  private final ChangeLog changes;
  private final Door door;
  private final InstantSource clock;

  FactRoutes(ChangeLog changes, Door door, InstantSource clock) {
    this.changes = changes;
    this.door = door;
    this.clock = clock;
  }

  /** Reads a fact; throws IllegalArgumentException for one that makes no sense. */
  @FunctionalInterface
  private interface Reader {
    Change read(byte[] body, Instant now);
  }

  @Override
  public void register(Router router) {
    take(router, "/api/v1/builds", GenericFacts::build);
    take(router, "/api/v1/deploys", GenericFacts::deploy);
    take(router, "/api/v1/flag-changes", GenericFacts::flagChange);
  }

  private void take(Router router, String path, Reader reader) {
    door.post(
        router,
        path,
        Scope.INGEST,
        ctx -> {
          Change change = reader.read(Body.of(ctx), clock.instant());
          boolean isNew = changes.record(change);
          return Answer.json(isNew ? 201 : 200, Map.of("id", change.id()));
        });
  }
}
