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
  private static final int TICKS = 100;

  /** Of this thread alone, so that a busy machine changes little. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  @Test
  void aTickCostsTheSameAfterDaysAsAfterAnHour() {
    double[] young = ticks(Duration.ofHours(1));
    double[] old = ticks(Duration.ofHours(30));
    System.out.printf(
        "%d objectives, a tick: idle %.0f µs, each with new events %.0f µs;"
            + " after 30 hours idle %.0f µs, busy %.0f µs%n",
        OBJECTIVES, young[0], young[1], old[0], old[1]);
    assertTrue(old[0] < 10 * young[0] + 100, "idle " + old[0] + " µs, was " + young[0]);
    assertTrue(old[1] < 10 * young[1] + 100, "busy " + old[1] + " µs, was " + young[1]);
  }

  /**
   * The median cost of a tick in µs of a processor: with nothing new, and with new events for every
   * objective.
   */
  private static double[] ticks(Duration history) {
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
      now = now.plusSeconds(1);
      idle[i] = check(monitor, objectives, now);
    }
    Arrays.sort(idle);
    Arrays.sort(busy);
    return new double[] {idle[TICKS / 2], busy[TICKS / 2]};
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
