package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bubbleup.BubbleUp;
import firebreak.deploytracker.Attribution;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.Counterfactual;
import firebreak.deploytracker.FieldRoles;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import firebreak.flags.Audience;
import firebreak.flags.FlagReader;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Flags;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The incident of the talk, through everything but HTTP: a build shortens a cache behind a flag;
 * one beta customer's queries grow slow; that one customer is turned off and the burn stops.
 */
class TalkIncidentTest {
  static final String OLD_BUILD = "8811";
  static final String NEW_BUILD = "8812";
  private static final long SEED = 20_260_504;
  static final Instant DEPLOYED = Instant.parse("2026-05-04T12:00:00Z");
  static final Instant ROLLED_BACK = DEPLOYED.plus(Duration.ofMinutes(15));
  private static final Instant FIRST = DEPLOYED.minus(Duration.ofMinutes(30));
  private static final String FLAG_FILE =
      """
      {"flags": {"short-cache": {
        "key": "short-cache", "version": 1, "on": true, "variations": [true, false],
        "offVariation": 1, "fallthrough": {"variation": 1},
        "contextTargets": [{"contextKind": "customer", "variation": 0,
          "values": ["retail", "customer-1", "customer-2", "customer-3"]}]}}}
      """;
  private static final Objective OBJECTIVE =
      new Objective(
          "query-api-fast",
          "Queries answer in under two seconds",
          "query-api",
          List.of(TalkTraffic.DATASET),
          Filter.equal("name", "query"),
          new Filter.Compare("duration_ms", Relation.LESS, Value.of(2_000)),
          0.999,
          Duration.ofDays(30));

  @TempDir Path folder;
  private final EventStore store = EventStore.inMemory();
  private final MemoryIncidentLog incidents = new MemoryIncidentLog();
  private final MemoryAuditLog audit = new MemoryAuditLog();
  private final CountDownLatch followed = new CountDownLatch(1);
  private FlagSwitch flags;
  private FlagReader application;
  private ChangeLog changes;
  private TalkTraffic traffic;
  private World world;

  @BeforeEach
  void startProduction() throws IOException {
    Path file = Files.writeString(folder.resolve("flags.json"), FLAG_FILE);
    flags = Flags.file(file);
    application = Flags.followFile(file);
    application.onChange(_ -> followed.countDown());
    changes = new ChangeLog(store);
    traffic = new TalkTraffic(store, application, SEED);
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    world =
        World.of(
            monitor,
            new BubbleUp(store),
            new Attribution(store, FieldRoles.DEFAULT),
            changes,
            flags);
    changes.record(firstSight());
    changes.record(deploy());
    traffic.play(FIRST, DEPLOYED);
  }

  @AfterEach
  void stopProduction() {
    application.close();
    store.close();
  }

  private Change firstSight() {
    FlagState flag = flags.read("short-cache").orElseThrow();
    return new Change.FlagChange(
        Change.flagChangeId(flag.key(), "production", flag.fence()),
        FIRST,
        flag.key(),
        "query-api",
        "production",
        flag.fence(),
        "",
        flag.definition(),
        false,
        "",
        "",
        "");
  }

  private static Change deploy() {
    return new Change.Deploy(
        Change.id("deploy", "query-api", NEW_BUILD),
        DEPLOYED,
        null,
        "query-api",
        "production",
        NEW_BUILD,
        "",
        "",
        "",
        Change.DeployState.SUCCEEDED,
        false,
        "A shorter cache for beta customers",
        "",
        "");
  }

  private Guard guard(Mode mode) {
    return new Guard(
        world,
        incidents,
        audit,
        Settings.of("production", List.of("short-cache")),
        mode,
        () -> false);
  }

  /** Ten seconds of traffic, then a round of the patrol, until the incident is closed. */
  private Instant run(Guard guard, Instant from, Instant end) throws InterruptedException {
    Instant now = from;
    boolean followedOnce = false;
    while (now.isBefore(end)
        && incidents.incidents().stream().noneMatch(one -> one.state() == Incident.State.CLOSED)) {
      traffic.play(now, now.plusSeconds(10));
      now = now.plusSeconds(10);
      guard.patrol(now);
      if (audit.kinds().contains("applied") && !followedOnce) {
        followedOnce = true;
        assertTrue(followed.await(10, TimeUnit.SECONDS), "the application follows the file");
      }
    }
    return now;
  }

  @Test
  void turnsOffOneCustomerAndTheBurnStops() throws InterruptedException {
    Instant end = run(guard(Mode.ACT), DEPLOYED, DEPLOYED.plus(Duration.ofMinutes(10)));
    assertEquals(1, incidents.incidents().size(), "seed " + SEED + " " + audit.kinds());
    Incident incident = incidents.incidents().getFirst();
    assertEquals(Incident.State.CLOSED, incident.state(), "seed " + SEED + " " + audit.kinds());
    assertTrue(
        Duration.between(DEPLOYED, end).compareTo(Duration.ofMinutes(5)) <= 0, end.toString());

    Verdict verdict = incident.finding().verdict();
    assertEquals(Verdict.Kind.DEPLOY, verdict.kind());
    assertEquals(NEW_BUILD, verdict.buildId());
    assertEquals("customer_id = retail", verdict.terms().getFirst().display());
    assertSavesTheBudget(incident);

    Mitigation mitigation = incident.mitigation();
    assertNotNull(mitigation);
    assertEquals(Mitigation.State.EFFECTIVE, mitigation.state());
    assertEquals(
        new Audience.Contexts("customer", List.of("retail")), mitigation.withdrawal().audience());
    assertEquals("false", served("retail"));
    for (String other : TalkTraffic.BETA.subList(1, TalkTraffic.BETA.size())) {
      assertEquals("true", served(other), other + " keeps the feature");
    }
    assertEquals(
        List.of(
            "opened", "verdict", "intended", "sent", "applied", "verifying", "effective", "closed"),
        audit.kinds().stream().filter(kind -> !kind.equals("recommended")).toList());
  }

  /** The ladder's first step would stop the burn and leave nearly all of the budget. */
  private static void assertSavesTheBudget(Incident incident) {
    List<Counterfactual> steps = incident.finding().counterfactuals();
    assertEquals(
        List.of(Counterfactual.Step.values()), steps.stream().map(Counterfactual::step).toList());
    Counterfactual nothing = steps.getFirst();
    Counterfactual customer = steps.get(1);
    assertEquals("take short-cache = true from retail", customer.name());
    assertTrue(customer.burnRate().high() < nothing.burnRate().low(), customer + " " + nothing);
    assertTrue(
        customer.budgetRemaining().value() > nothing.budgetRemaining().value(), steps.toString());
    assertTrue(
        customer.budgetRemaining().low() <= customer.budgetRemaining().value()
            && customer.budgetRemaining().value() <= customer.budgetRemaining().high(),
        customer.toString());
  }

  @Test
  void recommendsTheSameInModeWatchAndTouchesNothing() throws InterruptedException {
    run(guard(Mode.WATCH), DEPLOYED, DEPLOYED.plus(Duration.ofMinutes(4)));
    Mitigation mitigation = incidents.incidents().getFirst().mitigation();
    assertNotNull(mitigation, audit.kinds().toString());
    assertEquals(Mitigation.State.RECOMMENDED, mitigation.state());
    assertEquals(
        List.of("The mode is watch: the guard says what it would do."), mitigation.refusals());
    assertEquals("true", served("retail"));
  }

  @Test
  void replayedIntoAFreshGuardTheSameVerdictIsGiven() {
    traffic.play(DEPLOYED, ROLLED_BACK.plus(Duration.ofMinutes(20)));
    guard(Mode.ACT).patrol(ROLLED_BACK.plus(Duration.ofHours(2)));
    Incident incident = incidents.incidents().getFirst();
    assertEquals(Incident.State.CLOSED, incident.state());
    assertEquals(NEW_BUILD, incident.finding().verdict().buildId());
    assertEquals("true", served("retail"), "old data is no reason to act");
  }

  private String served(String customer) {
    return application.serve("short-cache", "customer", customer, Map.of()).variation();
  }
}
