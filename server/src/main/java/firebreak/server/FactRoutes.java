package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.webhooks.GenericFacts;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Builds, deploys and flag changes, told by anyone who has a key and no webhook of their own. */
final class FactRoutes implements Routes {
  private final ChangeLog log;
  private final InstantSource clock;
  private final Access access;
  private final BodyReader bodies;
  private final Blocking blocking;

  FactRoutes(
      ChangeLog log, InstantSource clock, Access access, BodyReader bodies, Blocking blocking) {
    this.log = log;
    this.clock = clock;
    this.access = access;
    this.bodies = bodies;
    this.blocking = blocking;
  }

  @Override
  public void register(Router router) {
    register(router, "/api/v1/builds", GenericFacts::build);
    register(router, "/api/v1/deploys", GenericFacts::deploy);
    register(router, "/api/v1/flag-changes", GenericFacts::flagChange);
  }

  /** Reads a fact from JSON. */
  @FunctionalInterface
  private interface Reading {
    Change read(byte[] body, Instant now);
  }

  private void register(Router router, String path, Reading reading) {
    router
        .post(path)
        .handler(access.require(Scope.INGEST))
        .handler(bodies.upTo(Limits.BODY_BYTES))
        .handler(blocking.handler(ctx -> record(ctx, reading)));
  }

  /** 201 when it says something new, 200 when it was known. */
  private Answer record(RoutingContext ctx, Reading reading) {
    Change change = reading.read(Body.of(ctx), clock.instant());
    boolean isNew = log.record(change);
    return Answer.json(isNew ? 201 : 200, Map.of("id", change.id()));
  }
}
