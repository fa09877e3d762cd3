package firebreak.bench.guard;

import firebreak.eventstore.EventStore;
import firebreak.slo.BurnAlert;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A week of a service in which no flag does anything wrong, minute by minute: days and nights,
 * restarts, short failures of a backend, a region or a customer. What raises an urgent alert is
 * played to a guard with its customers.
 */
final class Week {
  private static final int MINUTES = 7 * 24 * 60;
  private static final int UNITS = 200;
  private static final int BURSTS_AT_MOST = 8;
  private static final int BURST_MINUTES_AT_MOST = 12;
  private static final double DAY_AND_NIGHT = 0.6;
  private static final Fault[] BURSTS = {
    Fault.BACKEND, Fault.REGION, Fault.CUSTOMER, Fault.SOME_CUSTOMERS
  };

  /** A short failure of a part of the requests. */
  private record Burst(Fault fault, int from, int minutes, double badShare, double hits) {
    double share(int minute) {
      return minute >= from && minute < from + minutes ? badShare * hits : 0;
    }
  }

  private final Chance chance;
  private final long seed;
  private final double perMinute;
  private final List<Burst> bursts = new ArrayList<>();

  /** Urgent alerts, and flags that were turned because of them. */
  record Outcome(int alerts, List<Ruling> acts) {}

  Week(long seed) {
    this.seed = seed;
    chance = new Chance(seed);
    perMinute = Math.pow(10, 4 * chance.share());
    int count = chance.below(BURSTS_AT_MOST + 1);
    for (int i = 0; i < count; i++) {
      Fault fault = BURSTS[chance.below(BURSTS.length)];
      double hits =
          switch (fault) {
            case REGION -> 1.0 / Service.REGIONS;
            case CUSTOMER, SOME_CUSTOMERS -> 0.05;
            case BACKEND, FLAG, FLAG_FEW, COINCIDENCE, FORGED, SILENT, NONE -> 1;
          };
      bursts.add(
          new Burst(
              fault,
              chance.below(MINUTES),
              1 + chance.below(BURST_MINUTES_AT_MOST),
              Math.pow(10, -3 + 2.5 * chance.share()),
              hits));
    }
  }

  Outcome live() {
    try (EventStore sums = EventStore.inMemory()) {
      SloMonitor monitor = new SloMonitor(sums);
      monitor.follow(List.of(Service.OBJECTIVE));
      for (int minute = 0; minute < MINUTES; minute++) {
        double day = 1 + DAY_AND_NIGHT * Math.sin(2 * Math.PI * minute / 1_440);
        double share = Service.USUALLY_BAD;
        for (Burst burst : bursts) {
          share += burst.share(minute);
        }
        int count = chance.poisson(perMinute * day);
        int bad = chance.of(count, Math.min(1, share));
        Service.tell(sums, at(minute), count - bad, bad);
      }
      return judge(monitor);
    }
  }

  private static Instant at(int minute) {
    return Service.START.plusSeconds(60L * minute);
  }

  private Outcome judge(SloMonitor monitor) {
    List<BurnAlert> urgent = new ArrayList<>();
    for (Instant now = at(0).plus(SloMonitor.LOOK_BACK.dividedBy(2));
        now.isBefore(at(MINUTES + 3 * 1_440));
        now = now.plus(SloMonitor.LOOK_BACK.dividedBy(2))) {
      for (BurnAlert alert : monitor.alerts(Service.OBJECTIVE, now)) {
        if (alert.urgent()
            && urgent.stream().noneMatch(one -> one.beganAt().equals(alert.beganAt()))) {
          urgent.add(alert);
        }
      }
    }
    List<Ruling> acts = new ArrayList<>();
    for (BurnAlert alert : urgent) {
      Ruling ruling = play(alert, acts.size());
      if (ruling.acted()) {
        acts.add(ruling);
      }
    }
    return new Outcome(urgent.size(), acts);
  }

  /** The same failure, with its customers. */
  private Ruling play(BurnAlert alert, int number) {
    long minute = Duration.between(Service.START, alert.detectedAt()).toMinutes();
    Burst burst =
        bursts.stream()
            .filter(one -> one.from <= minute && minute <= one.from + 360)
            .reduce((_, later) -> later)
            .orElse(new Burst(Fault.BACKEND, (int) minute, 5, 0.02, 1));
    try (Trial trial =
        new Trial(
            new Case(
                burst.fault,
                burst.badShare,
                0.5,
                UNITS,
                Math.max(perMinute, 10),
                60 * burst.minutes,
                seed * 31 + number),
            true)) {
      return trial.play();
    }
  }
}
