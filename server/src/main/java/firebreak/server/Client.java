package firebreak.server;

import firebreak.eventstore.Asker;
import io.vertx.ext.web.RoutingContext;

/** The client of a request, which may hang up before it has its answer. */
final class Client implements Asker {
  private static final String KEY = Client.class.getName();

  private volatile boolean gone;

  private Client() {}

  /** Begins to watch; on the request's context. */
  static Client watch(RoutingContext ctx) {
    Client client = new Client();
    ctx.put(KEY, client);
    ctx.addEndHandler(_ -> client.gone = true);
    client.gone |= ctx.response().closed();
    return client;
  }

  /** The client of a request that is watched, else one that stays. */
  static Asker of(RoutingContext ctx) {
    Client client = ctx.get(KEY);
    return client == null ? PATIENT : client;
  }

  @Override
  public boolean isGone() {
    return gone;
  }
}
