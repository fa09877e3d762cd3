package firebreak.bench.guard;

import firebreak.deploytracker.Change;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Value;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service with its customers, as counts: how much each asks for, whom each flag reaches, and what
 * fails.
 */
final class Service {
  static final String DATASET = "service";
  static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  static final Objective OBJECTIVE =
      new Objective(
          "service-answers",
          "Requests are answered",
          "service",
          List.of(DATASET),
          Filter.ALL,
          new Filter.Compare("status_code", Relation.LESS, Value.of(500)),
          0.999,
          Duration.ofDays(30));

  /** Flags that changed of late; the first is the guilty one where one is. */
  static final int FLAGS = 3;

  static final int REGIONS = 4;
  static final int TICK_SECONDS = 10;

  /** What fails when all is well: a fifth of what the objective allows. */
  static final double USUALLY_BAD = 0.0002;

  private static final double SPREAD = 1.2;
  private static final Value WELL = Value.of(200);
  private static final Value BROKEN = Value.of(503);
  private static final Value ON = Value.of("true");
  private static final Value OFF = Value.of("false");

  final Chance chance;
  final double perMinute;
  final double[] weight;
  final int[] region;
  final BitSet[] reached = new BitSet[FLAGS];
  final Instant[] changedAt = new Instant[FLAGS];
  private final @Nullable FieldMap[] fields;

  /**
   * Draws one.
   *
   * @param exposure the share of units that the first flag reaches; the others reach half
   */
  Service(Chance chance, int units, double perMinute, double exposure) {
    this.chance = chance;
    this.perMinute = perMinute;
    weight = new double[units];
    region = new int[units];
    Arrays.setAll(weight, _ -> Math.exp(SPREAD * chance.normal()));
    double sum = Arrays.stream(weight).sum();
    Arrays.setAll(weight, unit -> weight[unit] / sum);
    Arrays.setAll(region, _ -> chance.below(REGIONS));
    for (int flag = 0; flag < FLAGS; flag++) {
      reached[flag] = new BitSet(units);
      for (int unit = 0; unit < units; unit++) {
        reached[flag].set(unit, chance.happens(flag == 0 ? exposure : 0.5));
      }
    }
    fields = new FieldMap[units << (FLAGS + 1)];
  }

  /** The fields of a unit's requests; of a flag that has not changed yet, nobody has anything. */
  private FieldMap fields(int unit, boolean isWell, int changed) {
    int index = ((changed << 1 | (isWell ? 1 : 0)) * units()) + unit;
    FieldMap known = fields[index];
    if (known == null) {
      FieldMap.Builder builder =
          new FieldMap.Builder()
              .put("status_code", isWell ? WELL : BROKEN)
              .put("customer_id", Value.of("c" + unit))
              .put("region", Value.of("r" + region[unit]));
      for (int flag = 0; flag < FLAGS; flag++) {
        boolean has = (changed >> flag & 1) == 1 && reached[flag].get(unit);
        builder.put("flag." + flag(flag), has ? ON : OFF);
      }
      known = builder.build();
      fields[index] = known;
    }
    return known;
  }

  /** Which flags had changed by then, as bits. */
  private int changed(Instant time) {
    int changed = 0;
    for (int flag = 0; flag < FLAGS; flag++) {
      changed |= time.isBefore(changedAt[flag]) ? 0 : 1 << flag;
    }
    return changed;
  }

  static String flag(int number) {
    return "flag-" + number;
  }

  int units() {
    return weight.length;
  }

  /** Units on the smaller side of the first flag. */
  int smallerArm() {
    int reaches = reached[0].cardinality();
    return Math.min(reaches, units() - reaches);
  }

  /** The events that an objective allows over its window. */
  double budget() {
    return perMinute * OBJECTIVE.window().toMinutes() * OBJECTIVE.budgetShare();
  }

  /** What was told of the flags: each found long ago, and changed at its time. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    for (int flag = 0; flag < FLAGS; flag++) {
      changes.add(change(flag, "1", START.minus(Duration.ofDays(1)), ""));
      changes.add(change(flag, "2", changedAt[flag], "{}"));
    }
    return changes;
  }

  private static Change change(int flag, String fence, Instant time, String before) {
    return new Change.FlagChange(
        "change-" + flag + "-" + fence,
        time,
        flag(flag),
        "",
        "",
        fence,
        before,
        "{}",
        false,
        "",
        "",
        "");
  }

  /** The share of a unit's requests that fail. */
  interface Failing {
    double share(int unit);
  }

  /**
   * Lets so many seconds pass: counts per unit go to one store, their sum to the other.
   *
   * @return how many failed
   */
  int pass(Instant time, int seconds, Failing failing, EventStore units, EventStore sums) {
    List<Event> rows = new ArrayList<>(units() + 16);
    int good = 0;
    int bad = 0;
    double perUnit = perMinute * seconds / 60;
    int changed = changed(time);
    for (int unit = 0; unit < units(); unit++) {
      int count = chance.poisson(perUnit * weight[unit]);
      int failed = chance.of(count, Math.min(1, failing.share(unit)));
      if (count > failed) {
        rows.add(new Event(time, count - failed, fields(unit, true, changed)));
      }
      if (failed > 0) {
        rows.add(new Event(time, failed, fields(unit, false, changed)));
      }
      good += count - failed;
      bad += failed;
    }
    units.append(DATASET, rows);
    tell(sums, time, good, bad);
    return bad;
  }

  /** Adds the sum of a while. */
  static void tell(EventStore sums, Instant time, int good, int bad) {
    List<Event> both = new ArrayList<>(2);
    if (good > 0) {
      both.add(new Event(time, good, SUM_WELL));
    }
    if (bad > 0) {
      both.add(new Event(time, bad, SUM_BROKEN));
    }
    sums.append(DATASET, both);
  }

  private static final FieldMap SUM_WELL = new FieldMap.Builder().put("status_code", WELL).build();
  private static final FieldMap SUM_BROKEN =
      new FieldMap.Builder().put("status_code", BROKEN).build();
}
