package firebreak.server;

import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import firebreak.webhooks.Inbox;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process, wired by hand in the order in which data flows. */
public final class App implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);

  /** What is open, the newest first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final EventStore store;
  private final HttpService http;

  private App(Config config, InstantSource clock) {
    try {
      store = opened(EventStore.open(config.data().resolve("events")));
      http = wire(config, clock);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private HttpService wire(Config config, InstantSource clock) {
    ChangeLog changes = new ChangeLog(store);
    Inbox inbox = new Inbox(changes, secrets(config));

    Access access = new Access(config.keys());
    BodyReader bodies = new BodyReader();
    Blocking ingest = opened(Blocking.waiting("ingest", Limits.INGEST_REQUESTS));
    Blocking files = opened(Blocking.waiting("console", Limits.UPSTREAM_REQUESTS));

    List<Routes> routes = new ArrayList<>();
    routes.add(new HealthRoutes(Map.of("store", () -> true)));
    routes.add(new HoneycombRoutes(store, clock, access, bodies, ingest));
    routes.add(new OtlpRoutes(new Otlp(store, clock), access, bodies, ingest));
    routes.add(new WebhookRoutes(inbox, clock, bodies, ingest));
    routes.add(new FactRoutes(changes, clock, access, bodies, ingest));
    routes.add(new Console(files));

    List<Integer> ports = new ArrayList<>(List.of(config.listen().port()));
    ports.addAll(config.otlpPorts());
    HttpService service = opened(HttpService.start(config.listen().host(), ports, access, routes));
    if (access.isOpen()) {
      LOG.info("No keys are configured: everyone on this machine may do everything");
    }
    return service;
  }

  private static Map<String, List<String>> secrets(Config config) {
    Map<String, List<String>> bySender = new HashMap<>();
    config
        .webhooks()
        .forEach(
            (sender, secrets) ->
                bySender.put(sender, secrets.stream().map(Secret::value).toList()));
    return bySender;
  }

  /** Starts everything; what cannot start is closed again. */
  static App start(Config config, InstantSource clock) {
    return new App(config, clock);
  }

  /** The port that is listened on. */
  int port() {
    return http.port();
  }

  EventStore store() {
    return store;
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Closes everything, the newest first. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("Cannot close {}", part.getClass().getSimpleName(), e);
      }
    }
  }
}
