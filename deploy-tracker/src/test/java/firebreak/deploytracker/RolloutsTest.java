package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.deploytracker.Rollout.Landing;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final TimeRange RANGE =
      TimeRange.before(NOON.plusSeconds(3_600), Duration.ofHours(10));
  private static final String SHA = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

  private final EventStore store = EventStore.inMemory();

  private static Change.Marker merge(Instant time) {
    return new Change.Marker(
        "merge", time, null, "query-api", "", "merge", "acme/query-api", SHA, "#12", "", "");
  }

  private static Change.Build build(Instant time) {
    return new Change.Build(
        "build",
        time,
        time.plusSeconds(180),
        "query-api",
        "8812",
        SHA,
        "main",
        "acme/query-api",
        BuildState.SUCCEEDED,
        "",
        "",
        "");
  }

  private static Change.Deploy deploy(String build, Instant time, DeployState state) {
    return new Change.Deploy(
        "deploy-" + build + "-" + time,
        time,
        null,
        "query-api",
        "production",
        build,
        "",
        build.equals("8812") ? SHA : "",
        "acme/query-api",
        state,
        false,
        "",
        "",
        "");
  }

  /** Events of a build, one every ten seconds for each share of a tenth. */
  private void serve(String build, Instant from, int minutes, int tenths) {
    List<Event> events = new ArrayList<>();
    for (int second = 0; second < minutes * 60; second += 10) {
      for (int i = 0; i < tenths; i++) {
        events.add(
            new Event(
                from.plusSeconds(second).plusMillis(i),
                1,
                Map.of("build_id", Value.of(build), "environment", Value.of("production"))));
      }
    }
    store.append("query-api", events);
  }

  private List<Rollout> rollouts(Change... changes) {
    Sightings sightings = new Sightings(store, FieldRoles.DEFAULT);
    return Rollouts.of(
        List.of(changes), sightings.in(List.of("query-api"), RANGE, Duration.ofMinutes(1)));
  }

  private static Rollout find(List<Rollout> rollouts, String build) {
    return rollouts.stream().filter(one -> one.buildId().equals(build)).findFirst().orElseThrow();
  }

  private static Landing only(Rollout rollout) {
    assertEquals(1, rollout.landings().size(), "" + rollout);
    return rollout.landings().getFirst();
  }

  @Test
  void aChangeIsFollowedFromItsPullRequestToAllOfTheTraffic() {
    serve("8811", NOON.minusSeconds(3_600), 60, 10);
    serve("8811", NOON, 5, 7);
    serve("8812", NOON.plusSeconds(7), 5, 3);
    serve("8812", NOON.plusSeconds(300), 10, 10);
    Rollout rollout =
        find(
            rollouts(
                merge(NOON.minusSeconds(1_200)),
                build(NOON.minusSeconds(1_000)),
                deploy("8812", NOON.minusSeconds(30), DeployState.SUCCEEDED)),
            "8812");
    assertEquals("#12", assertNotNullGet(rollout.merge()).summary());
    assertEquals("build", assertNotNullGet(rollout.build()).id());
    Landing landing = only(rollout);
    assertEquals(NOON.plusSeconds(7), landing.firstSeen());
    assertEquals(Duration.ofSeconds(1_207), landing.leadTime());
    assertEquals(0.3, landing.shares().getFirst().share(), 0.05);
    assertEquals(1, landing.shares().getLast().share());
    assertEquals(NOON.plusSeconds(300), landing.everywhereAt());
    assertTrue(landing.isDeclared() && landing.isConfirmed() && !landing.isFailed());
  }

  private static <T> T assertNotNullGet(@org.jspecify.annotations.Nullable T value) {
    assertNotNull(value);
    return value;
  }

  @Test
  void aDeployThatNoEventConfirmsIsShownAsSuchAndOneThatNobodyDeclaredToo() {
    serve("8813", NOON, 5, 10);
    List<Rollout> rollouts = rollouts(deploy("8812", NOON, DeployState.SUCCEEDED));
    Landing declared = only(find(rollouts, "8812"));
    assertTrue(declared.isDeclared());
    assertFalse(declared.isConfirmed());
    assertNull(declared.leadTime());
    Landing observed = only(find(rollouts, "8813"));
    assertFalse(observed.isDeclared());
    assertEquals(NOON, observed.firstSeen());
    assertEquals(NOON, find(rollouts, "8813").time());
  }

  @Test
  void eventsThatCarryTheCommitOrNoEnvironmentConfirmTheDeployToo() {
    store.append(
        "query-api", List.of(new Event(NOON, 1, Map.of("build_id", Value.of("c0ffee00")))));
    Rollout rollout =
        find(rollouts(deploy("8812", NOON.minusSeconds(60), DeployState.SUCCEEDED)), "8812");
    assertEquals("production", only(rollout).environment());
    assertEquals(NOON, only(rollout).firstSeen());
  }

  @Test
  void aBuildThatIsTakenAwayForOneThatWasThereBeforeWasRolledBack() {
    serve("8811", NOON, 10, 10);
    serve("8812", NOON.plusSeconds(600), 10, 10);
    serve("8811", NOON.plusSeconds(1_200), 10, 10);
    List<Rollout> rollouts = rollouts();
    assertEquals(NOON.plusSeconds(1_200), only(find(rollouts, "8812")).leftAt());
    assertTrue(only(find(rollouts, "8811")).isReturn());
    assertTrue(only(find(rollouts, "8812")).isFailed());
    // Declared alone tells the same.
    List<Rollout> declared =
        Rollouts.of(
            List.of(
                deploy("8811", NOON, DeployState.SUCCEEDED),
                deploy("8812", NOON.plusSeconds(600), DeployState.SUCCEEDED),
                deploy("8811", NOON.plusSeconds(1_200), DeployState.SUCCEEDED)),
            List.of());
    assertEquals(NOON.plusSeconds(1_200), only(find(declared, "8812")).leftAt());
    assertTrue(only(find(declared, "8811")).isReturn());
  }

  @Test
  void twoBuildsThatShareTheTrafficRollNothingBack() {
    for (int minute = 0; minute < 20; minute++) {
      serve("8811", NOON.plusSeconds(60L * minute), 1, minute % 2 == 0 ? 6 : 4);
      serve("8812", NOON.plusSeconds(60L * minute), 1, minute % 2 == 0 ? 4 : 6);
    }
    rollouts().forEach(rollout -> assertNull(only(rollout).leftAt()));
  }

  @Test
  void theOrderInWhichChangesAreToldDoesNotMatter() {
    serve("8811", NOON, 3, 10);
    serve("8812", NOON.plusSeconds(180), 3, 10);
    List<Change> changes =
        new ArrayList<>(
            List.of(
                merge(NOON.minusSeconds(60)),
                build(NOON.minusSeconds(50)),
                deploy("8812", NOON.plusSeconds(170), DeployState.SUCCEEDED),
                deploy("8811", NOON, DeployState.SUCCEEDED)));
    List<Rollout> expected = rollouts(changes.toArray(Change[]::new));
    Random random = new Random(7);
    for (int i = 0; i < 24; i++) {
      Collections.shuffle(changes, random);
      assertEquals(expected, rollouts(changes.toArray(Change[]::new)));
    }
  }

  @Test
  void theFourFiguresAreOfTheSameRecord() {
    serve("8811", NOON.minusSeconds(1_200), 20, 10);
    serve("8812", NOON, 10, 10);
    serve("8811", NOON.plusSeconds(600), 10, 10);
    serve("8813", NOON.plusSeconds(1_200), 10, 10);
    List<Rollout> rollouts =
        rollouts(merge(NOON.minusSeconds(1_800)), deploy("8812", NOON, DeployState.SUCCEEDED));
    Dora dora = Dora.of(rollouts, List.of(), "production", RANGE);
    assertEquals(3, dora.deploys());
    assertEquals(7.2, dora.deploysPerDay(), 1e-9);
    assertEquals(Duration.ofMinutes(30), dora.leadTime());
    assertEquals(1, dora.failed());
    assertEquals(1 / 3.0, dora.failureRate(), 1e-9);
    assertEquals(Duration.ofMinutes(10), dora.restoreTime());
    Dora.Outage outage =
        new Dora.Outage("8813", Set.of(""), NOON.plusSeconds(1_260), NOON.plusSeconds(1_320));
    Dora blamed = Dora.of(rollouts, List.of(outage), "production", RANGE);
    assertEquals(2, blamed.failed());
    assertEquals(Duration.ofSeconds(60), blamed.restoreTime());
    assertEquals(0, Dora.of(rollouts, List.of(outage), "staging", RANGE).deploys());
  }

  @Test
  void aBuildThatRanBeforeTheRangeIsAsOldAsItIs() {
    serve("8811", RANGE.start().minus(Duration.ofDays(2)), 1, 1);
    serve("8811", RANGE.start(), 5, 1);
    Map<String, Instant> first = new HashMap<>();
    rollouts().forEach(rollout -> first.put(rollout.buildId(), only(rollout).firstSeen()));
    assertEquals(RANGE.start().minus(Duration.ofDays(2)), first.get("8811"));
  }
}
