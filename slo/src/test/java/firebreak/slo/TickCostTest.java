package firebreak.slo;

import static firebreak.slo.Traffic.START;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a second of watching many objectives costs beside the counting itself. It prints what it
 * measured; what must hold on any machine is that the past costs nothing.
 */
class TickCostTest {
  private static final int OBJECTIVES = 1_000;
  private static final int TICKS = 120;
  private static final Duration TICK = Duration.ofSeconds(5);

  /** Of this thread alone, so that a busy machine changes little. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  @Test
  void aTickCostsTheSameAfterDaysAsAfterAnHour() {
    Cost young = ticks(Duration.ofHours(1));
    Cost old = ticks(Duration.ofHours(30));
    System.out.printf(
        "%d objectives, a tick: idle %.0f µs, each with new events %.0f µs (mean %.0f, most %.0f);"
            + " after 30 hours idle %.0f µs, busy %.0f µs (mean %.0f, most %.0f)%n",
        OBJECTIVES,
        young.idle,
        young.busy,
        young.mean,
        young.most,
        old.idle,
        old.busy,
        old.mean,
        old.most);
    assertTrue(old.idle < 10 * young.idle + 100, "idle " + old.idle + " µs, was " + young.idle);
    assertTrue(old.mean < 10 * young.mean + 100, "busy " + old.mean + " µs, was " + young.mean);
    assertTrue(old.busy < old.most / 3, "most ticks must not look at every window: " + old);
  }

  /**
   * In µs of a processor: the median of a tick with nothing new; the median, the mean and the most
   * of one with new events for every objective.
   */
  private record Cost(double idle, double busy, double mean, double most) {}

  private static Cost ticks(Duration history) {
    HookedEventStore store = new HookedEventStore();
    SloMonitor monitor = new SloMonitor(store);
    List<Objective> objectives = new ArrayList<>();
    for (int i = 0; i < OBJECTIVES; i++) {
      objectives.add(
          new Objective(
              "slo-" + i,
              "",
              "",
              List.of("web"),
              Filter.ALL,
              Filter.equal("ok", Value.of(true)),
              0.999,
              Duration.ofDays(30)));
    }
    monitor.follow(objectives);
    Instant now = START;
    for (Instant end = START.plus(history); now.isBefore(end); now = now.plusSeconds(300)) {
      store.append("web", List.of(event(now, true), event(now, now.getEpochSecond() % 7_200 > 0)));
    }
    double[] idle = new double[TICKS];
    double[] busy = new double[TICKS];
    check(monitor, objectives, now);
    for (int i = 0; i < TICKS; i++) {
      store.append("web", List.of(event(now, true)));
      busy[i] = check(monitor, objectives, now);
      now = now.plus(TICK);
      idle[i] = check(monitor, objectives, now);
    }
    Arrays.sort(idle);
    Arrays.sort(busy);
    return new Cost(
        idle[TICKS / 2], busy[TICKS / 2], Arrays.stream(busy).average().orElse(0), busy[TICKS - 1]);
  }

  private static Event event(Instant time, boolean ok) {
    return new Event(time, ok ? 1_000 : 1, Map.of("ok", Value.of(ok)));
  }

  private static double check(SloMonitor monitor, List<Objective> objectives, Instant now) {
    long start = CPU.getCurrentThreadCpuTime();
    for (Objective objective : objectives) {
      monitor.alerts(objective, now);
    }
    return (CPU.getCurrentThreadCpuTime() - start) / 1e3;
  }
}
