package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.eventstore.Event;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final String RUN = Change.id("build", "github", "acme/query-api", "7", "1");

  private final FaultyStore store = new FaultyStore();
  private final ChangeLog log = new ChangeLog(store);

  /** Seven tellings of one run, as deliveries bring them: some know more, some know less. */
  private static final List<Change> TELLINGS =
      List.of(
          build(0, null, BuildState.QUEUED, "", "retriever"),
          build(4, null, BuildState.QUEUED, "CI", ""),
          build(5, null, BuildState.RUNNING, "CI: shorten the cache", ""),
          build(9, null, BuildState.RUNNING, "", "retriever"),
          build(0, 90L, BuildState.SUCCEEDED, "CI: shorten the cache", "pat"),
          build(0, 91L, BuildState.SUCCEEDED, "", ""),
          build(3, null, BuildState.RUNNING, "", "sam"));

  @Test
  void everyOrderOfARunsStatesEndsInTheSameState() {
    Change expected = build(0, 91L, BuildState.SUCCEEDED, "CI: shorten the cache", "pat");
    int orders = 0;
    for (List<Change> order : permutations(TELLINGS)) {
      FaultyStore own = new FaultyStore();
      ChangeLog fresh = new ChangeLog(own);
      order.forEach(fresh::record);
      assertEquals(Optional.of(expected), fresh.find(RUN), () -> "order " + order);
      assertEquals(Optional.of(expected), new ChangeLog(own).find(RUN), () -> "replay of " + order);
      orders++;
    }
    assertEquals(5040, orders);
  }

  @Test
  void shuffledAndRepeatedTellingsOfManyChangesConverge() {
    long seed = 20260301;
    Random random = new Random(seed);
    List<Change> tellings = new ArrayList<>();
    for (int run = 0; run < 50; run++) {
      for (int telling = 0; telling < 8; telling++) {
        tellings.add(anyTelling(random, run));
      }
    }
    tellings.forEach(log::record);
    List<Change> expected = log.changes(TimeRange.before(Telling.LATEST, Duration.ofDays(80_000)));
    for (int round = 0; round < 50; round++) {
      tellings.addAll(tellings.subList(0, 5));
      Collections.shuffle(tellings, random);
      ChangeLog fresh = new ChangeLog(new FaultyStore());
      tellings.forEach(fresh::record);
      assertEquals(
          expected,
          fresh.changes(TimeRange.before(Telling.LATEST, Duration.ofDays(80_000))),
          "seed " + seed);
    }
  }

  @Test
  void aRepeatedTellingSaysNothingNewAndIsNotKeptTwice() {
    assertTrue(log.record(TELLINGS.get(4)));
    assertFalse(log.record(TELLINGS.get(4)));
    assertFalse(new ChangeLog(store).record(TELLINGS.get(4)));
    assertFalse(log.record(build(50, null, BuildState.QUEUED, "", "")));
    assertEquals(1, store.events().size());
  }

  @Test
  void everyKindOfChangeComesBackFromTheStoreAsItWas() {
    List<Change> changes =
        List.of(
            TELLINGS.get(4),
            deploy("d1", 60, DeployState.ROLLED_BACK, false),
            deploy("d2", 61, DeployState.STARTED, true),
            flag("f1", "{\"on\":false}", "{\"on\":true}", true),
            flag("f2", "", "{}", false),
            new Change.Marker(
                "m1",
                START.plusNanos(1),
                START.plusSeconds(9),
                "query-api",
                "",
                "push",
                "acme/query-api",
                "c0ffee",
                "push to main",
                "pat",
                "https://example.org/1"));
    changes.forEach(log::record);
    ChangeLog reopened = new ChangeLog(store);
    for (Change change : changes) {
      assertEquals(Optional.of(change), reopened.find(change.id()));
    }
    assertTrue(reopened.find("f2").map(c -> ((Change.FlagChange) c).isFirstSight()).orElseThrow());
  }

  @Test
  void aFlagDefinitionLongerThanAFieldComesBackWhole() {
    String longDefinition = "{\"keys\":\"" + "🐝a".repeat(Telling.PART_LENGTH) + "\"}";
    Change change = flag("f", "{\"on\":true}", longDefinition, false);
    log.record(change);
    for (Value value : store.events().getFirst().fields().values()) {
      assertTrue(value.display().length() <= Telling.PART_LENGTH);
    }
    assertEquals(Optional.of(change), new ChangeLog(store).find("f"));

    Change tooLong = flag("g", "{}", "x".repeat(Telling.TEXT_LENGTH_AT_MOST + 1), false);
    assertThrows(IllegalArgumentException.class, () -> log.record(tooLong));
  }

  @Test
  void whatWasBeforeAndAfterComesFromOneTelling() {
    Change seen = flag("f", "", "{\"z\":1}", false);
    Change told = flag("f", "{\"b\":0}", "{\"a\":1}", false);
    Change ours = flag("f", "{\"b\":0}", "{\"a\":1}", true);
    for (List<Change> order : permutations(List.of(seen, told, ours))) {
      ChangeLog fresh = new ChangeLog(new FaultyStore());
      order.forEach(fresh::record);
      assertEquals(Optional.of(ours), fresh.find("f"));
    }
  }

  @Test
  void aDeployIsInTheStateInWhichItEndedLastInEveryOrder() {
    List<Change> tellings =
        List.of(
            ended(deploy("d", 0, DeployState.STARTED, false), null),
            ended(deploy("d", 0, DeployState.FAILED, false), 60L),
            ended(deploy("d", 0, DeployState.SUCCEEDED, false), 90L),
            ended(deploy("d", 0, DeployState.SUCCEEDED, false), null));
    for (List<Change> order : permutations(tellings)) {
      ChangeLog fresh = new ChangeLog(new FaultyStore());
      order.forEach(fresh::record);
      assertEquals(Optional.of(tellings.get(2)), fresh.find("d"), () -> "order " + order);
    }
    log.record(deploy("e", 0, DeployState.FAILED, false));
    log.record(ended(deploy("e", 0, DeployState.SUCCEEDED, false), 90L));
    assertEquals(Optional.of(DeployState.FAILED), log.find("e").map(ChangeLogTest::state));
  }

  @Test
  void declaringADeployThatTrafficShowedFirstMakesItADeclaredOne() {
    log.record(deploy("d", 70, DeployState.SUCCEEDED, true));
    log.record(deploy("d", 60, DeployState.STARTED, false));
    assertEquals(Optional.of(deploy("d", 60, DeployState.SUCCEEDED, false)), log.find("d"));
  }

  @Test
  void changesOfARangeComeOldestFirstWithoutTheEnd() {
    log.record(deploy("late", 30, DeployState.STARTED, false));
    log.record(deploy("early", 10, DeployState.STARTED, false));
    log.record(deploy("edge", 40, DeployState.STARTED, false));
    TimeRange range = new TimeRange(START.plusSeconds(10), START.plusSeconds(40));
    assertEquals(List.of("early", "late"), log.changes(range).stream().map(Change::id).toList());
  }

  @Test
  void whatIsNotOnDiskIsNotKeptAndCanBeToldAgain() {
    List<Change> heard = new ArrayList<>();
    log.onRecord(heard::add);
    store.fillDisk();
    assertThrows(UncheckedIOException.class, () -> log.record(TELLINGS.getFirst()));
    assertTrue(log.find(RUN).isEmpty());
    assertEquals(List.of(), heard);
    store.freeDisk();
    assertTrue(log.record(TELLINGS.getFirst()));
    assertEquals(List.of(TELLINGS.getFirst()), heard);
  }

  @Test
  void listenersHearTheFoldedStateOfEachNewTellingOnce() {
    List<Change> heard = new ArrayList<>();
    log.onRecord(heard::add);
    log.record(TELLINGS.get(5));
    log.record(TELLINGS.get(0));
    log.record(TELLINGS.get(0));
    assertEquals(
        List.of(TELLINGS.get(5), build(0, 91L, BuildState.SUCCEEDED, "", "retriever")), heard);
  }

  @Test
  void manyThreadsTellingTheSameChangeRecordItOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> told = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Change change = deploy("d" + i % 10, 1, DeployState.STARTED, false);
        told.add(threads.submit(() -> log.record(change)));
      }
      int news = 0;
      for (Future<Boolean> each : told) {
        news += each.get() ? 1 : 0;
      }
      assertEquals(10, news);
    }
    assertEquals(10, store.events().size());
  }

  @Test
  void anIdBelongsToOneKindAndATimeIsOneThatClocksShow() {
    log.record(deploy("d", 1, DeployState.STARTED, false));
    Change other = flag("d", "{}", "{}", false);
    String message =
        assertThrows(IllegalArgumentException.class, () -> log.record(other)).getMessage();
    assertEquals("change d is a deploy, was told of as a flag", message);
    Change never = deploy("n", Duration.ofDays(100_000).toSeconds(), DeployState.STARTED, false);
    assertThrows(IllegalArgumentException.class, () -> log.record(never));
  }

  @Test
  void theOldestAreForgottenWhenThereAreTooMany() {
    ChangeLog small = new ChangeLog(store, 20);
    for (int i = 0; i < 25; i++) {
      small.record(deploy("d" + i, i, DeployState.STARTED, false));
    }
    assertTrue(small.find("d0").isEmpty());
    assertTrue(small.find("d24").isPresent());
    assertTrue(new ChangeLog(store, 20).find("d24").isPresent());
  }

  @Test
  void eventsInTheDatasetThatTellOfNoChangeAreSkipped() {
    store.append(
        ChangeLog.DATASET,
        List.of(
            new Event(START, 1, Map.of("kind", Value.of("build"))),
            new Event(START, 1, Map.of("id", Value.of("x"), "kind", Value.of("rumour")))));
    log.record(TELLINGS.getFirst());
    ChangeLog reopened = new ChangeLog(store);
    assertEquals(
        1, reopened.changes(TimeRange.before(START.plusSeconds(9), Duration.ofDays(1))).size());
  }

  @Test
  void idsNameTheirPartsApart() {
    assertEquals(Change.id("build", "a", "b"), Change.id("build", "a", "b"));
    assertNotEquals(Change.id("build", "a", "bc"), Change.id("build", "ab", "c"));
    assertNotEquals(Change.id("build", "a"), Change.id("build", "a", ""));
    assertTrue(Change.id("flag", "x").matches("flag-[0-9a-f]{20}"));
  }

  private static Change.Build build(
      long startSecond,
      @Nullable Long finishSecond,
      BuildState state,
      String summary,
      String actor) {
    return new Change.Build(
        RUN,
        START.plusSeconds(startSecond),
        finishSecond == null ? null : START.plusSeconds(finishSecond),
        "query-api",
        "8812",
        "c0ffee",
        "main",
        "acme/query-api",
        state,
        summary,
        actor,
        "https://example.org/runs/7");
  }

  private static Change.Deploy deploy(String id, long second, DeployState state, boolean observed) {
    return new Change.Deploy(
        id,
        START.plusSeconds(second),
        null,
        "query-api",
        "production",
        "8812",
        "1.2",
        "c0ffee",
        "acme/query-api",
        state,
        observed,
        "",
        "",
        "");
  }

  private static Change.Deploy ended(Change.Deploy like, @Nullable Long second) {
    return new Change.Deploy(
        like.id(),
        like.time(),
        second == null ? null : START.plusSeconds(second),
        like.service(),
        like.environment(),
        like.buildId(),
        like.version(),
        like.commit(),
        like.repository(),
        like.state(),
        like.observed(),
        "",
        "",
        "");
  }

  private static DeployState state(Change change) {
    return ((Change.Deploy) change).state();
  }

  private static Change.FlagChange flag(String id, String before, String after, boolean own) {
    return new Change.FlagChange(
        id, START, "short-cache", "", "production", "12", before, after, own, "turned on", "", "");
  }

  private static Change anyTelling(Random random, int run) {
    BuildState state = List.of(BuildState.values()).get(random.nextInt(BuildState.values().length));
    Change.Build like = build(random.nextInt(60), random.nextLong(60, 90), state, "", "");
    return new Change.Build(
        "run-" + run,
        like.time(),
        random.nextBoolean() ? like.finishedAt() : null,
        like.service(),
        random.nextBoolean() ? like.buildId() : "",
        random.nextBoolean() ? like.commit() : "",
        random.nextBoolean() ? "main" : "topic",
        like.repository(),
        state,
        List.of("", "a", "ab", "b").get(random.nextInt(4)),
        List.of("", "pat", "sam").get(random.nextInt(3)),
        "");
  }

  static <T> List<List<T>> permutations(List<T> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (List<T> rest : permutations(items.subList(1, items.size()))) {
      for (int at = 0; at <= rest.size(); at++) {
        List<T> one = new ArrayList<>(rest);
        one.add(at, items.getFirst());
        all.add(one);
      }
    }
    return all;
  }
}
