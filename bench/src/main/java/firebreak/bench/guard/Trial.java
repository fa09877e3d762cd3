package firebreak.bench.guard;

import firebreak.bench.fleet.Records;
import firebreak.bubbleup.BubbleUp;
import firebreak.deploytracker.Attribution;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.ContrastWatch;
import firebreak.deploytracker.FieldRoles;
import firebreak.eventstore.EventStore;
import firebreak.flags.Audience;
import firebreak.flags.Withdrawal;
import firebreak.guard.Guard;
import firebreak.guard.Incident;
import firebreak.guard.Limits;
import firebreak.guard.Mitigation;
import firebreak.guard.Mode;
import firebreak.guard.Settings;
import firebreak.guard.World;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * One incident, tick by tick, before a guard that may act: six hours that are well, then what goes
 * wrong, until a flag is turned or half an hour is over.
 */
final class Trial implements AutoCloseable {
  private static final Duration BEFORE = Duration.ofHours(6);
  private static final Duration HOUR_BEFORE = Duration.ofHours(1);
  private static final Duration NEAR = Duration.ofMinutes(6);
  static final Duration LASTS = Duration.ofMinutes(30);

  /** Rows of the hours before are as coarse as this, the nearer to the onset the finer. */
  private static final int FAR_SECONDS = 3_600;

  private static final int HOUR_SECONDS = 540;
  private static final int NEAR_SECONDS = 60;

  /** A look is late by this part of the time since the onset, at most. */
  private static final int PART_OF_ALL = 20;

  private final Case of;
  private final Service service;
  private final Instant onset = Service.START.plus(BEFORE);
  private final EventStore units = new CountStore();
  private final EventStore sums = EventStore.inMemory();
  private final EventStore timeline = EventStore.inMemory();
  private final SloMonitor monitor = new SloMonitor(sums);
  private final Turned flags = new Turned();
  private final boolean contrasts;
  private final boolean[] hit;
  private long bad;

  /**
   * One to play.
   *
   * @param contrasts whether burns are also found by the contrast of units
   */
  Trial(Case of, boolean contrasts) {
    this.of = of;
    this.contrasts = contrasts;
    Chance chance = new Chance(of.seed());
    service = new Service(chance, of.units(), of.perMinute(), of.exposure());
    service.changedAt[0] = onset.minusSeconds(sinceChange(of.fault(), chance));
    for (int flag = 1; flag < Service.FLAGS; flag++) {
      service.changedAt[flag] = onset.minusSeconds(10 + chance.below(18_000));
    }
    hit = whoIsHit(chance);
    monitor.follow(List.of(Service.OBJECTIVE));
  }

  private static int sinceChange(Fault fault, Chance chance) {
    return switch (fault) {
      case FLAG, FLAG_FEW, FORGED, SILENT, NONE -> 0;
      case COINCIDENCE -> chance.below(120);
      case BACKEND, REGION, SOME_CUSTOMERS, CUSTOMER -> 10 + chance.below(7_000);
    };
  }

  private boolean[] whoIsHit(Chance chance) {
    int count = service.units();
    boolean[] hits = new boolean[count];
    int few = 1 + chance.below(3);
    int region = chance.below(Service.REGIONS);
    int large = largest();
    for (int unit = 0; unit < count; unit++) {
      hits[unit] =
          switch (of.fault()) {
            case FLAG, FORGED, SILENT -> service.reached[0].get(unit);
            case FLAG_FEW ->
                few > 0
                    && service.reached[0].get(unit)
                    && service.weight[unit] > 1.0 / count
                    && few-- > 0;
            case BACKEND -> true;
            case REGION -> service.region[unit] == region;
            case SOME_CUSTOMERS -> chance.happens(0.05);
            case CUSTOMER, COINCIDENCE -> unit == large;
            case NONE -> false;
          };
    }
    return hits;
  }

  private int largest() {
    int large = 0;
    for (int unit = 1; unit < service.units(); unit++) {
      large = service.weight[unit] > service.weight[large] ? unit : large;
    }
    return large;
  }

  /** The share of all requests of the units that it hits. */
  private double hitTraffic() {
    double sum = 0;
    for (int unit = 0; unit < hit.length; unit++) {
      sum += hit[unit] ? service.weight[unit] : 0;
    }
    return sum;
  }

  /** Plays it. */
  Ruling play() {
    passBefore();
    ChangeLog changes = new ChangeLog(timeline);
    service.changes().forEach(changes::record);
    Attribution attribution = Attribution.ofCounts(units, FieldRoles.DEFAULT);
    ContrastWatch contrast = ContrastWatch.ofCounts(units, FieldRoles.DEFAULT);
    BubbleUp bubbleUp = new BubbleUp(units);
    World world = World.of(monitor, bubbleUp, attribution, changes, flags);
    Guard guard =
        new Guard(
            contrasts ? world.with(contrast) : world,
            new Records.Incidents(),
            new Records.Audit(),
            new Settings("", List.of("*"), false, of.fault() != Fault.FORGED, Limits.DEFAULT, ""),
            Mode.ACT,
            () -> false);
    Instant now = onset;
    Instant end = onset.plus(LASTS);
    Instant due = onset;
    while (now.isBefore(end) && flags.turned == null) {
      pass(now);
      now = now.plusSeconds(Service.TICK_SECONDS);
      if (!now.isBefore(due)) {
        guard.patrol(now);
        due = now.plus(Duration.between(onset, now).dividedBy(PART_OF_ALL));
      }
    }
    return ruling(now, guard.incidents());
  }

  private void passBefore() {
    Instant now = Service.START;
    Instant hour = onset.minus(HOUR_BEFORE);
    Instant near = onset.minus(NEAR);
    while (now.isBefore(onset)) {
      int seconds =
          now.isBefore(hour) ? FAR_SECONDS : now.isBefore(near) ? HOUR_SECONDS : NEAR_SECONDS;
      service.pass(now, seconds, _ -> Service.USUALLY_BAD, units, sums);
      now = now.plusSeconds(seconds);
    }
  }

  private void pass(Instant now) {
    boolean fails = now.isBefore(onset.plusSeconds(of.seconds()));
    if (of.fault() != Fault.SILENT) {
      bad +=
          service.pass(
              now,
              Service.TICK_SECONDS,
              unit -> Service.USUALLY_BAD + (fails && hit[unit] ? of.badShare() : 0),
              units,
              sums);
    }
  }

  private Ruling ruling(Instant now, List<Incident> incidents) {
    Withdrawal turned = flags.turned;
    double seconds = Duration.between(onset, now).toSeconds();
    return new Ruling(
        of,
        service.smallerArm(),
        incidents.stream().anyMatch(incident -> incident.alert().urgent()),
        turned != null,
        turned != null && turned.flag().equals(Service.flag(0)),
        turned == null ? Double.NaN : seconds,
        bad / service.budget(),
        turned == null ? Double.NaN : lost(turned),
        wholeFlag(),
        told(incidents));
  }

  /** The share of all requests that lose a feature that works for them. */
  private double lost(Withdrawal turned) {
    double sum = 0;
    for (int unit = 0; unit < service.units(); unit++) {
      boolean touched =
          service.reached[Integer.parseInt(turned.flag().substring(5))].get(unit)
              && switch (turned.audience()) {
                case Audience.Contexts contexts -> contexts.keys().contains("c" + unit);
                case Audience.Segment _, Audience.Everyone _ -> true;
              };
      sum += touched ? service.weight[unit] * (hit[unit] ? 1 - of.badShare() : 1) : 0;
    }
    return sum;
  }

  /** The same if the first flag had been turned off for all. */
  private double wholeFlag() {
    double sum = 0;
    for (int unit = 0; unit < service.units(); unit++) {
      sum +=
          service.reached[0].get(unit)
              ? service.weight[unit] * (hit[unit] ? 1 - of.badShare() : 1)
              : 0;
    }
    return sum;
  }

  private String told(List<Incident> incidents) {
    StringBuilder told =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s bad %.2f exposure %.2f units %d hit %.4f:",
                of.fault(),
                of.badShare(),
                of.exposure(),
                of.units(),
                hitTraffic()));
    for (Incident incident : incidents) {
      Mitigation last = incident.mitigation();
      told.append(
          String.format(
              Locale.ROOT,
              " %s %s %.3f p %.2g %s",
              incident.alert().urgent() ? incident.alert().detector() : "ticket",
              incident.finding().verdict().kind(),
              incident.finding().verdict().posterior(),
              incident.finding().pValue(),
              last == null ? "-" : last.state() + " " + last.refusals()));
    }
    return told.toString();
  }

  @Override
  public void close() {
    units.close();
    sums.close();
    timeline.close();
  }
}
