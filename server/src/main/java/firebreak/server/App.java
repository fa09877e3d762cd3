package firebreak.server;

import firebreak.bubbleup.BubbleUp;
import firebreak.deploytracker.Attribution;
import firebreak.deploytracker.BuildTraces;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.ContrastWatch;
import firebreak.deploytracker.github.CommitHistory;
import firebreak.deploytracker.github.CurrentState;
import firebreak.deploytracker.github.GitHubApi;
import firebreak.deploytracker.github.GitHubReports;
import firebreak.deploytracker.github.HookDeliveries;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.PersistentEventStore;
import firebreak.flags.FlagWatch;
import firebreak.flags.LaunchDarkly;
import firebreak.guard.Gate;
import firebreak.guard.GateLookout;
import firebreak.guard.Guard;
import firebreak.guard.Settings;
import firebreak.guard.Slices;
import firebreak.guard.World;
import firebreak.records.Records;
import firebreak.slo.SloMonitor;
import firebreak.webhooks.Inbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process, wired by hand in the order in which data flows. */
final class App implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);

  private final Closer closer = new Closer();
  private final PersistentEventStore store;
  private final HttpService http;

  private App(Config config, InstantSource clock) {
    try {
      createFolder(config);
      store =
          closer.add(
              EventStore.open(config.data().resolve(Backup.EVENTS), config.store().settings()));
      http = wire(config, clock);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /**
   * Starts the service.
   *
   * @throws RuntimeException whose message is one clear line, when it cannot start
   */
  static App start(Config config, InstantSource clock) {
    return new App(config, clock);
  }

  private HttpService wire(Config config, InstantSource clock) {
    // What is kept.
    Records records = closer.add(ConfigForRecords.open(config));
    Notifications telling = new Notifications(config, records, clock);
    ChangeLog changes = new ChangeLog(store);

    Housekeeping housekeeping = closer.add(new Housekeeping(store, config.store(), clock));

    // What is understood.
    SloMonitor monitor = new SloMonitor(store);
    DeliveryObjectives delivery =
        closer.add(new DeliveryObjectives(config.deliverySlos(), store, clock));
    Objectives slos = new Objectives(new SloFolder(config.slos()), records, delivery, monitor);
    slos.load();
    BubbleUp bubbleUp = new BubbleUp(store);
    Attribution attribution = new Attribution(store, config.fields());

    // What is done.
    KeyRing keys = new KeyRing(records.keys(), records.audit(), new SecureRandom());
    Access access = new Access(config.keys(), keys::principals);
    OpenFlags flags = OpenFlags.open(config.flags());
    FlagTimeline flagTimeline =
        new FlagTimeline(flags.flagSwitch(), changes, flags.environment(), "");
    flagTimeline.observeAll(clock.instant());
    FlagWatch watch = flags.watch();
    if (watch != null) {
      closer.add(watch).onChange(flag -> flagTimeline.observe(flag, clock.instant()));
    }
    StopFile stop = new StopFile(config.data());
    World world =
        World.of(
                monitor,
                DeliveryObjectives::isGuarded,
                bubbleUp,
                attribution,
                changes,
                flags.flagSwitch())
            .with(Slices.of(store, config.fields()));
    Guard guard =
        new Guard(
            config.guard().contrast()
                ? world.with(new ContrastWatch(store, config.fields()))
                : world,
            records.incidents(),
            records.audit(),
            new Settings(
                flags.environment(),
                config.guard().eligible(),
                config.flags() instanceof Config.FlagSource.LaunchDarkly,
                access.trustsItsSenders(),
                config.guard().limits(),
                config.base() + "incidents/"),
            config.guard().mode(),
            stop);

    // What comes in and what is shown.
    BodyReader bodies = new BodyReader();
    Blocking events = closer.add(Blocking.waiting("ingest", Limits.INGEST_REQUESTS));
    Intake intake = new Intake(access, bodies, events, IntakeLine.ofThisMachine());
    Blocking facts = closer.add(Blocking.waiting("fact", Limits.FACT_REQUESTS));
    Blocking queries = closer.add(Blocking.computing("query", Limits.QUERY_REQUESTS));
    Blocking upstream = closer.add(Blocking.waiting("upstream", Limits.UPSTREAM_REQUESTS));
    Door explore = new Door(access, bodies, queries);
    Inbox inbox = new Inbox(changes, new BuildTraces(store)::record, secrets(config));
    StreamRoutes stream = new StreamRoutes(access);
    DerivedFields derived = new DerivedFields(records.derivedColumns()::of);
    AskedQueries asked = closer.add(new AskedQueries(records.askedQueries()));
    ExploreRoutes exploring =
        new ExploreRoutes(store, derived, monitor, changes, asked::asked, explore, clock);
    QueryRoutes querying =
        new QueryRoutes(
            store, derived, QueryRoutes.Pins.in(records.queries()), asked::asked, explore, clock);
    GitHubApi gitHub = gitHub(config, clock);
    BuildCommits commits = new BuildCommits(changes, new CommitHistory(gitHub), config.github());
    SuspectCommits suspectCommits =
        closer.add(new SuspectCommits(changes, commits, config.github(), clock));
    GuardRoutes guarding =
        new GuardRoutes(
            guard,
            records.audit(),
            stop,
            new EvidenceQueries(querying),
            suspectCommits,
            new Door(access, bodies, upstream),
            clock);
    Live live = new Live(stream, records.audit(), exploring, guarding);
    changes.onRecord(live::change);
    guard.onChange(live::incident);
    guard.onChange(suspectCommits::look);
    suspectCommits.onFound(live::incident);
    GateLookout gate = new GateLookout(monitor, store, config.fields(), changes, guard::incidents);
    Releases releases = new Releases(store, config.fields(), changes, monitor, guard::incidents);
    GitHubPost gitHubPost =
        new GitHubPost(
            new GitHubReports(gitHub),
            (question, now) -> Gate.decide(gate.look(question, now)),
            changes,
            config.github(),
            config.base());
    Courier courier = telling.courier(gitHubPost::deliver);
    ReleaseReporter reporter =
        new ReleaseReporter(releases, records.outbox(), config.github(), config.base(), clock);
    if (config.github().tells().contains(Config.Tell.GATE)) {
      inbox.onGate(
          request -> {
            GitHubNotice notice = GitHubNotice.of(request);
            records.outbox().add(List.of(notice.notice(notice.subject())), clock.instant());
          });
    }
    Patrol patrol =
        new Patrol(
            guard, flagTimeline, slos, telling.burnAlerts(monitor), live, records::keepRoom, clock);
    MissedDeliveries missed =
        new MissedDeliveries(
            config,
            new HookDeliveries(gitHub),
            flags.flagSwitch() instanceof LaunchDarkly launchDarkly ? launchDarkly : null,
            inbox,
            clock,
            MissedDeliveries.EVERY);
    SecondLook secondLook =
        new SecondLook(new CurrentState(gitHub), changes, inbox, config.github(), clock);
    inbox.onSpokenOf(secondLook::spokenOf);
    List<Routes> routes = new ArrayList<>();
    routes.add(new HoneycombRoutes(store, clock, intake));
    routes.add(new OtlpRoutes(new Otlp(store, clock), intake));
    routes.add(new WebhookRoutes(inbox, clock, bodies, facts));
    routes.add(new FactRoutes(changes, new Door(access, bodies, facts), clock));
    routes.add(new CommitRoutes(changes, commits, new Door(access, bodies, upstream)));
    routes.add(querying);
    routes.add(new DerivedColumnRoutes(records.derivedColumns(), explore, clock));
    routes.add(exploring);
    routes.add(new EventRoutes(store, explore, clock));
    routes.addAll(HoneycombSetup.routes(records, slos, monitor, querying, explore, clock));
    routes.add(new TraceRoutes(store, explore));
    routes.add(new BuildRoutes(store, explore, clock));
    routes.add(new DatasetRoutes(store, explore));
    routes.add(new MarkerRoutes(changes, new Door(access, bodies, facts), clock));
    routes.add(telling.routes(explore));
    routes.add(guarding);
    routes.add(new GateRoutes(gate, explore, clock));
    routes.add(new RolloutRoutes(releases, explore, clock));
    routes.add(new FlagRoutes(flags.flagSwitch(), guard, new Door(access, bodies, upstream)));
    routes.add(new HistoryRoutes(asked, records, explore));
    routes.add(new NotebookRoutes(records.notebooks(), explore, clock));
    routes.add(new KeyRoutes(access, keys, explore, clock));
    routes.add(stream);
    routes.add(new OpenApiRoutes());
    routes.add(
        new StoreRoutes(
            store,
            records,
            config,
            housekeeping,
            querying::forgetResults,
            new Door(access, bodies, upstream),
            clock));
    routes.add(new HealthRoutes(Map.of("patrol", patrol::trouble, "store", housekeeping::trouble)));
    routes.add(new Console(Console.FOLDER, queries));
    HttpService http = HttpService.start(config.listen().host(), ports(config), access, routes);
    closer.add(http);
    closer.add(stream);
    closer.add(courier);
    closer.add(reporter);
    closer.add(missed);
    closer.add(secondLook);
    closer.add(patrol); // stops first: nothing is decided while the rest goes down
    courier.start();
    reporter.start();
    missed.start();
    secondLook.start();
    delivery.start(releases);
    patrol.start();
    housekeeping.start();
    say(config, access, http);
    return http;
  }

  private static void createFolder(Config config) {
    try {
      Files.createDirectories(config.data());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the data folder " + config.data(), e);
    }
  }

  private static Map<String, List<String>> secrets(Config config) {
    Map<String, List<String>> secrets = new TreeMap<>();
    config
        .webhooks()
        .forEach((sender, all) -> secrets.put(sender, all.stream().map(Secret::value).toList()));
    return secrets;
  }

  private static List<Integer> ports(Config config) {
    List<Integer> ports = new ArrayList<>(List.of(config.listen().port()));
    ports.addAll(config.otlpPorts());
    return ports;
  }

  private static GitHubApi gitHub(Config config, InstantSource clock) {
    URI api = config.github().api();
    return new GitHubApi(
        api == null ? GitHubApi.USUAL : api, ConfigForGitHub.credential(config.github()), clock);
  }

  private static void say(Config config, Access access, HttpService http) {
    LOG.info(
        "listening on http://{}:{}, data in {}, mode {}",
        config.listen().host(),
        http.port(),
        config.data(),
        config.guard().mode());
    if (access.isOpen()) {
      LOG.info("no keys are configured: everyone on this machine may do everything");
    }
  }

  int port() {
    return http.port();
  }

  /** The methods and paths that are served, such as {@code GET /api/v1/slos/:id}. */
  List<String> routes() {
    return http.routes();
  }

  EventStore store() {
    return store;
  }

  @Override
  public void close() {
    closer.close();
  }
}
