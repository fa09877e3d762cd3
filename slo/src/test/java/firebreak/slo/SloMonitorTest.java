package firebreak.slo;

import static firebreak.slo.Traffic.DATASET;
import static firebreak.slo.Traffic.OBJECTIVE;
import static firebreak.slo.Traffic.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SloMonitorTest {
  private static final TimeRange DAY = new TimeRange(START, START.plus(Duration.ofDays(1)));

  @Test
  void countsEligibleAndBadBySampleRate() {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    Event other = new Event(START, 7, Map.of("name", Value.of("write")));
    Event withoutIndicator = new Event(START, 3, Map.of("name", Value.of("query")));
    store.append(
        DATASET,
        List.of(
            Traffic.event(START, true, 10),
            Traffic.event(START.plusSeconds(5), false, 2),
            withoutIndicator,
            other));
    store.append("another", List.of(Traffic.event(START, false, 1)));
    assertEquals(new Counts(15, 5), monitor.counts(OBJECTIVE, DAY));
  }

  @Test
  void budgetIsWhatHandArithmeticSays() {
    // 100,000 eligible at 99.9 % allow 100 bad; 40 of them leave 60 %, 150 overdraw by half.
    assertEquals(0.6, remaining(100_000, 40), 1e-9);
    assertEquals(-0.5, remaining(100_000, 150), 1e-9);
    assertEquals(1.0, remaining(100_000, 0), 1e-9);
  }

  private static double remaining(int eligible, int bad) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    List<Event> events = new ArrayList<>();
    events.add(Traffic.event(START, true, eligible - bad));
    if (bad > 0) {
      events.add(Traffic.event(START.plusSeconds(90), false, bad));
    }
    store.append(DATASET, events);
    return monitor.budgetRemaining(OBJECTIVE, START.plusSeconds(100)).orElseThrow();
  }

  @Test
  void budgetIsOfTheWindowOnly() {
    Traffic traffic =
        new Traffic().steady(Duration.ofHours(1), 0.01).steady(Duration.ofHours(2), 0);
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    Objective twoHours = Traffic.objective(0.999, Duration.ofHours(2));
    monitor.follow(List.of(twoHours));
    store.append(DATASET, traffic.events());
    assertEquals(1.0, monitor.budgetRemaining(twoHours, traffic.now()).orElseThrow(), 1e-9);
    assertEquals(
        10, monitor.burnRate(twoHours, Duration.ofHours(1), START.plusSeconds(3600)), 1e-6);
  }

  @Test
  void budgetOfNothingIsUnknown() {
    SloMonitor monitor = new SloMonitor(new HookedEventStore());
    monitor.follow(List.of(OBJECTIVE));
    assertTrue(monitor.budgetRemaining(OBJECTIVE, START).isEmpty());
    assertTrue(Double.isNaN(monitor.burnRate(OBJECTIVE, Duration.ofHours(1), START)));
    assertEquals(List.of(), monitor.alerts(OBJECTIVE, START));
  }

  @Test
  void countsEqualThoseOfAPlainLoopOverAnyRange() {
    long seed = 4711;
    Random random = new Random(seed);
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Instant time = START.plusSeconds(random.nextInt(86_400 * 3));
      events.add(Traffic.event(time, random.nextInt(4) > 0, 1 + random.nextInt(3)));
    }
    store.append(DATASET, events.subList(0, 1_000));
    monitor.follow(List.of(OBJECTIVE));
    for (int i = 1_000; i < events.size(); i += 100) {
      store.append(DATASET, events.subList(i, i + 100));
      Instant start = START.plusSeconds(10L * random.nextInt(8_640 * 3));
      TimeRange range = new TimeRange(start, start.plusSeconds(10L * (1 + random.nextInt(9_000))));
      long eligible = 0;
      long bad = 0;
      for (Event event : events.subList(0, i + 100)) {
        if (range.contains(event.time())) {
          eligible += event.sampleRate();
          bad += OBJECTIVE.isBad(event) ? event.sampleRate() : 0;
        }
      }
      Counts expected = new Counts(eligible, bad);
      assertEquals(expected, monitor.counts(OBJECTIVE, range), "seed " + seed + " " + range);
    }
  }

  @Test
  void historyAddsUpToTheCounts() {
    Traffic traffic = new Traffic().steady(Duration.ofMinutes(50), 0.03);
    SloMonitor monitor = traffic.monitor();
    TimeRange range = new TimeRange(START, START.plusSeconds(3600));
    List<SloMonitor.Point> points = monitor.history(OBJECTIVE, range, Duration.ofSeconds(95));
    assertEquals(38, points.size());
    assertEquals(START.plusSeconds(95), points.get(1).time());
    Counts sum = points.stream().map(SloMonitor.Point::counts).reduce(Counts.NONE, Counts::plus);
    assertEquals(monitor.counts(OBJECTIVE, range), sum);
    assertEquals(new Counts(30_000, 900), sum);
    assertThrows(
        IllegalArgumentException.class,
        () -> monitor.history(OBJECTIVE, range, Duration.ofMillis(10)));
  }

  @Test
  void aChangedIndicatorIsCountedAnewAndAChangedTargetIsNot() {
    Traffic traffic = new Traffic().steady(Duration.ofMinutes(10), 0.1);
    AtomicInteger queries = new AtomicInteger();
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          public QueryResult query(Query query) {
            queries.incrementAndGet();
            return super.query(query);
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    store.append(DATASET, traffic.events());
    monitor.follow(List.of(OBJECTIVE));
    int afterFirst = queries.get();
    Objective looser = Traffic.objective(0.5, Duration.ofDays(7));
    monitor.follow(List.of(looser));
    assertEquals(afterFirst, queries.get());
    assertEquals(List.of(looser), monitor.objectives());
    assertEquals(0.8, monitor.budgetRemaining(looser, traffic.now()).orElseThrow(), 1e-9);
    Objective neverGood =
        new Objective(
            "fast",
            "",
            "",
            List.of(DATASET),
            Filter.ALL,
            Filter.not(Filter.ALL),
            0.9,
            Duration.ofDays(1));
    monitor.follow(List.of(neverGood));
    assertEquals(new Counts(6_000, 6_000), monitor.counts(neverGood, DAY));
  }

  @Test
  void aRestartedServerCountsWhatIsOnDisk(@TempDir Path folder) {
    Traffic traffic = new Traffic().steady(Duration.ofHours(4), 0);
    traffic.silence(Duration.ofDays(2)).steady(Duration.ofMinutes(30), 0.1);
    List<Event> events = traffic.events();
    int late = events.size() - 3;
    try (EventStore store = EventStore.open(folder)) {
      store.append(DATASET, events.subList(0, late));
    }
    try (EventStore store = EventStore.open(folder)) {
      SloMonitor monitor = new SloMonitor(store);
      monitor.follow(List.of(OBJECTIVE));
      TimeRange range = TimeRange.before(traffic.now(), Duration.ofDays(30));
      SloMonitor expected = traffic.monitor();
      store.append(DATASET, events.subList(late, events.size()));
      assertEquals(expected.counts(OBJECTIVE, range), monitor.counts(OBJECTIVE, range));
      assertEquals(
          expected.alerts(OBJECTIVE, traffic.now()), monitor.alerts(OBJECTIVE, traffic.now()));
      assertEquals(1, monitor.alerts(OBJECTIVE, traffic.now()).size());
    }
  }

  @Test
  void aStoreThatCannotCountMuchAtOnceIsAskedInPieces() {
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          public QueryResult query(Query query) {
            QueryResult result = super.query(query);
            double count = result.total().cells().getFirst().number();
            if (count > 200) {
              throw new LimitExceededException("more than 200 events, were " + count);
            }
            return result;
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    Traffic traffic = new Traffic().then(Duration.ofHours(2), Duration.ofSeconds(10), 0.1, 1);
    store.append(DATASET, traffic.events());
    monitor.follow(List.of(OBJECTIVE));
    assertEquals(new Counts(720, 72), monitor.counts(OBJECTIVE, DAY));
  }

  @Test
  void refusesObjectivesItDoesNotFollow() {
    SloMonitor monitor = new SloMonitor(new HookedEventStore());
    assertThrows(IllegalArgumentException.class, () -> monitor.alerts(OBJECTIVE, START));
    assertThrows(
        IllegalArgumentException.class, () -> monitor.follow(List.of(OBJECTIVE, OBJECTIVE)));
  }

  @Test
  void aFailedReadLeavesTheOldObjectives() {
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          public QueryResult query(Query query) {
            throw new IllegalStateException("disk");
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    monitor.follow(List.of(OBJECTIVE));
    store.append(DATASET, List.of(Traffic.event(START, true, 1)));
    Objective other =
        new Objective(
            "x", "", "", List.of(DATASET), Filter.ALL, Filter.ALL, 0.9, Duration.ofDays(1));
    assertThrows(IllegalStateException.class, () -> monitor.follow(List.of(other)));
    assertEquals(List.of(OBJECTIVE), monitor.objectives());
    assertEquals(new Counts(1, 0), monitor.counts(OBJECTIVE, DAY));
  }

  @Test
  void anEventThatIsReadBeforeItIsHeardCountsOnce() {
    AtomicReference<Runnable> between = new AtomicReference<>(() -> {});
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          void betweenStoredAndTold() {
            between.get().run();
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    between.set(() -> monitor.follow(List.of(OBJECTIVE)));
    store.append(DATASET, List.of(Traffic.event(START, false, 1)));
    assertEquals(new Counts(1, 1), monitor.counts(OBJECTIVE, DAY));
    between.set(() -> {});
    store.append(DATASET, List.of(Traffic.event(START.plusSeconds(1), true, 1)));
    store.append(DATASET, List.of(Traffic.event(START.plusSeconds(11), true, 1)));
    assertEquals(new Counts(3, 1), monitor.counts(OBJECTIVE, DAY));
  }

  @Test
  void anEventThatComesWhileTheStoreIsReadCountsOnce() {
    AtomicReference<Runnable> afterQuery = new AtomicReference<>(() -> {});
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          public QueryResult query(Query query) {
            QueryResult result = super.query(query);
            afterQuery.getAndSet(() -> {}).run();
            return result;
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    store.append(DATASET, List.of(Traffic.event(START, true, 1)));
    afterQuery.set(
        () -> {
          store.append(DATASET, List.of(Traffic.event(START.plusSeconds(1), false, 1)));
          store.append(DATASET, List.of(Traffic.event(START.plusSeconds(3600), false, 1)));
          store.append(DATASET, List.of(Traffic.event(START.minusSeconds(864000), false, 1)));
        });
    monitor.follow(List.of(OBJECTIVE));
    assertEquals(new Counts(3, 2), monitor.counts(OBJECTIVE, DAY));
    TimeRange early = TimeRange.before(START, Duration.ofDays(20));
    assertEquals(new Counts(1, 1), monitor.counts(OBJECTIVE, early));
  }

  @Test
  void followingWhileOthersAppendMissesNothingAndCountsNothingTwice() throws Exception {
    for (int round = 0; round < 20; round++) {
      followWhileAppending(round);
    }
  }

  private static void followWhileAppending(int seed) throws Exception {
    HookedEventStore store =
        new HookedEventStore() {
          @Override
          void betweenStoredAndTold() {
            LockSupport.parkNanos(20_000);
          }
        };
    SloMonitor monitor = new SloMonitor(store);
    int appenders = 4;
    int batches = 60;
    CountDownLatch started = new CountDownLatch(appenders);
    try (ExecutorService threads = Executors.newFixedThreadPool(appenders)) {
      List<Future<?>> running = new ArrayList<>();
      for (int appender = 0; appender < appenders; appender++) {
        Random random = new Random(seed * 31L + appender);
        running.add(
            threads.submit(
                () -> {
                  for (int batch = 0; batch < batches; batch++) {
                    List<Event> events = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                      Instant time = START.plusSeconds(random.nextInt(400));
                      events.add(Traffic.event(time, random.nextBoolean(), 1));
                    }
                    store.append(DATASET, events);
                    if (batch == 10) {
                      started.countDown();
                    }
                  }
                }));
      }
      started.await();
      monitor.follow(List.of(OBJECTIVE));
      monitor.counts(OBJECTIVE, DAY);
      for (Future<?> each : running) {
        each.get();
      }
    }
    Counts counts = monitor.counts(OBJECTIVE, DAY);
    assertEquals(5L * appenders * batches, counts.eligible(), "seed " + seed);
    SloMonitor afterwards = new SloMonitor(store);
    afterwards.follow(List.of(OBJECTIVE));
    assertEquals(afterwards.counts(OBJECTIVE, DAY), counts, "seed " + seed);
  }
}
