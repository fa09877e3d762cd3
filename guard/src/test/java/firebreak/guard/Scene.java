package firebreak.guard;

import firebreak.bubbleup.Explanation;
import firebreak.bubbleup.Term;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.SideBySide;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.flags.FlagSwitch;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The talk's incident, second by second: a build shortens a cache behind a flag, and one customer
 * of twenty burns the budget until the flag is taken from it.
 */
final class Scene {
  static final Instant ONSET = Instant.parse("2026-05-04T12:00:00Z");
  static final Objective OBJECTIVE =
      new Objective(
          "query-api-fast",
          "Queries answer in under two seconds",
          "query-api",
          List.of("query-api"),
          Filter.ALL,
          Filter.ALL,
          0.999,
          Duration.ofDays(30));
  static final Change.Deploy DEPLOY =
      new Change.Deploy(
          "deploy-8812",
          ONSET.minusSeconds(120),
          null,
          "query-api",
          "production",
          "8812",
          "",
          "",
          "",
          Change.DeployState.SUCCEEDED,
          false,
          "",
          "",
          "");
  static final Verdict.Lever LEVER =
      new Verdict.Lever(MemoryFlags.FLAG, "true", "customer_id", "customer", List.of("retail"));
  static final Finding TALK =
      new Finding(
          new Verdict(
              Verdict.Kind.DEPLOY,
              DEPLOY.id(),
              "8812",
              LEVER,
              List.of(new Term("customer_id", Value.of("retail"))),
              0.99),
          List.of(
              new Suspect(
                  DEPLOY.id(),
                  "deploy",
                  "query-api 8812",
                  0.99,
                  List.of("its customers fail"),
                  List.of(),
                  new Suspect.Evidence(1_000, 500, 20_000, 0, 1, 900, 1, Double.NaN, 120)),
              new Suspect(
                  "", "none", "none of ours", 0.01, List.of(), List.of(), Suspect.Evidence.NONE)),
          new Finding.Prediction(0.2, 0, 0.8, 0.05),
          1e-6,
          List.of());

  final ToldSlices slices = new ToldSlices();
  final MemoryFlags flags = new MemoryFlags();
  final MemoryIncidentLog incidents = new MemoryIncidentLog();
  final MemoryAuditLog audit = new MemoryAuditLog();
  final List<Change> changes = new ArrayList<>(List.of(firstSight("1"), DEPLOY));
  Finding finding = TALK;
  boolean stop;
  boolean silent;
  boolean urgent = true;
  List<Objective> objectives = List.of(OBJECTIVE);
  boolean retailToBlame = true;
  @Nullable Instant endedAt;
  Instant now = ONSET.minusSeconds(600);

  /** What had come by the start of each second, so that a range is a difference. */
  private final TreeMap<Instant, Counts> before = new TreeMap<>(Map.of(now, Counts.NONE));

  static Change.FlagChange firstSight(String fence) {
    return flagChange(fence, "", ONSET.minusSeconds(3_600));
  }

  static Change.FlagChange flagChange(String fence, String before, Instant time) {
    return new Change.FlagChange(
        "flag-" + fence,
        time,
        MemoryFlags.FLAG,
        "query-api",
        "production",
        fence,
        before,
        "{}",
        false,
        "",
        "",
        "");
  }

  /** Lets production run until then: 100 events a second, five of them of retail. */
  void play(Instant until) {
    for (; now.isBefore(until); now = now.plusSeconds(1)) {
      boolean bad = !now.isBefore(ONSET) && (flags.retailServed || !retailToBlame);
      Counts second = silent ? Counts.NONE : new Counts(100, bad ? 5 : 0);
      before.put(now.plusSeconds(1), before.lastEntry().getValue().plus(second));
    }
  }

  World.Burns burns() {
    return new World.Burns() {
      @Override
      public List<Objective> objectives() {
        return objectives;
      }

      @Override
      public List<BurnAlert> alerts(Objective objective, Instant at) {
        return at.isBefore(ONSET.plusSeconds(20)) ? List.of() : List.of(alert());
      }

      @Override
      public Counts counts(Objective objective, TimeRange range) {
        Counts until = until(range.end());
        Counts since = until(range.start());
        return new Counts(until.eligible() - since.eligible(), until.bad() - since.bad());
      }

      @Override
      public OptionalDouble budgetRemaining(Objective objective, Instant at) {
        return OptionalDouble.of(0.87);
      }
    };
  }

  private Counts until(Instant time) {
    Map.Entry<Instant, Counts> entry = before.ceilingEntry(time);
    return (entry == null ? before.lastEntry() : entry).getValue();
  }

  BurnAlert alert() {
    return new BurnAlert(
        OBJECTIVE,
        BurnAlert.Detector.BURN_RATE,
        ONSET,
        ONSET.plusSeconds(20),
        endedAt,
        50,
        0.004,
        urgent);
  }

  World.Timeline timeline() {
    return new World.Timeline() {
      @Override
      public boolean record(Change change) {
        boolean isNew = changes.stream().noneMatch(one -> one.id().equals(change.id()));
        return isNew && changes.add(change);
      }

      @Override
      public List<Change> changes(TimeRange range) {
        return changes.stream().filter(change -> range.contains(change.time())).toList();
      }
    };
  }

  World world(FlagSwitch throughThis) {
    return new World(
        burns(),
        (_, _) -> Explanation.NOTHING,
        (_, _, _, _) -> finding,
        timeline(),
        throughThis,
        slices);
  }

  /** What is told of those whom a step reached, and of a build. */
  static final class ToldSlices implements Slices {
    SideBySide sides = new SideBySide(Counts.NONE, Counts.NONE);
    long ofBuild;

    @Override
    public SideBySide exposed(Objective objective, Slice slice, TimeRange range) {
      return sides;
    }

    @Override
    public Counts ofBuild(Objective objective, String build, TimeRange range) {
      return new Counts(ofBuild, 0);
    }
  }

  static Settings settings() {
    return Settings.of("production", List.of("short-*"));
  }

  Guard guard(Mode mode) {
    return new Guard(world(flags), incidents, audit, settings(), mode, () -> stop);
  }

  /** Patrols every second until then. */
  void patrol(Guard guard, Duration length) {
    Instant until = now.plus(length);
    while (now.isBefore(until)) {
      play(now.plusSeconds(1));
      guard.patrol(now);
    }
  }

  Incident incident() {
    return incidents.incidents().getFirst();
  }

  Mitigation mitigation() {
    Mitigation mitigation = incident().mitigation();
    if (mitigation == null) {
      throw new AssertionError("no mitigation; the audit log says " + audit.kinds());
    }
    return mitigation;
  }
}
