package firebreak.guard;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.eventstore.TimeRange;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The traffic of every story, second by second, and what can be seen of it. */
final class SimulatedProduction {
  private static final int PER_SECOND = 100;
  private static final int BAD_PER_SECOND = 5;

  /** An alert comes up after so many bad events, and ends after so many quiet seconds of data. */
  private static final int ALERTS_AFTER_BAD = 100;

  private static final int QUIET_SECONDS = 120;

  private final Simulation simulation;
  private final List<Traffic> traffic;
  private final Story.Statistic statistic;
  private final boolean missingIsBad;
  private int second;
  boolean silent;

  /** One burn as a detector finds it, in seconds. */
  private static final class Burning {
    final int began;
    int detected = Integer.MAX_VALUE;
    int ended = Integer.MAX_VALUE;

    Burning(int began) {
      this.began = began;
    }
  }

  /** What came until each second, and what truly came. */
  private static final class Traffic {
    final Story story;
    final int[] eligible = new int[Simulation.SECONDS + 1];
    final int[] bad = new int[Simulation.SECONDS + 1];
    final int[] truly = new int[Simulation.SECONDS + 1];
    final List<Burning> burns = new ArrayList<>();
    int quiet;
    int freshBad;

    Traffic(Story story) {
      this.story = story;
    }
  }

  SimulatedProduction(
      Simulation simulation, List<Story> stories, Story.Statistic statistic, boolean missingIsBad) {
    this.simulation = simulation;
    this.statistic = statistic;
    this.missingIsBad = missingIsBad;
    traffic = stories.stream().map(Traffic::new).toList();
  }

  List<Story> stories() {
    return traffic.stream().map(one -> one.story).toList();
  }

  Story story(Objective objective) {
    return of(objective).story;
  }

  private Traffic of(Objective objective) {
    return traffic.stream()
        .filter(one -> one.story.objective().id().equals(objective.id()))
        .findFirst()
        .orElseThrow();
  }

  /** Lets production run until then. */
  void play(long millis) {
    int until = (int) Math.min(Simulation.SECONDS, millis / 1_000);
    for (; second < until; second++) {
      for (Traffic one : traffic) {
        step(one);
      }
    }
  }

  private void step(Traffic one) {
    boolean burns = isBurning(one.story);
    int eligible = silent ? 0 : PER_SECOND;
    int bad = burns && !silent ? BAD_PER_SECOND : 0;
    one.truly[second + 1] = one.truly[second] + eligible;
    if (silent && missingIsBad) {
      eligible = PER_SECOND;
      bad = PER_SECOND;
    }
    one.eligible[second + 1] = one.eligible[second] + eligible;
    one.bad[second + 1] = one.bad[second] + bad;
    if (eligible > 0) {
      detect(one, bad);
    }
  }

  private void detect(Traffic one, int bad) {
    Burning last = one.burns.isEmpty() ? null : one.burns.getLast();
    boolean open = last != null && last.ended == Integer.MAX_VALUE;
    if (bad == 0) {
      one.quiet++;
      if (open && last != null && one.quiet >= QUIET_SECONDS) {
        last.ended = second;
      }
      return;
    }
    one.quiet = 0;
    if (!open) {
      last = new Burning(second);
      one.burns.add(last);
      one.freshBad = 0;
    }
    one.freshBad += bad;
    if (one.freshBad >= ALERTS_AFTER_BAD && last != null && last.detected > second) {
      last.detected = second;
    }
  }

  private boolean isBurning(Story story) {
    if (second < story.onset()) {
      return false;
    }
    return story.cause().isTheFlag()
        ? simulation.flags.flag(story.flag()).serves(story.customer())
        : second < story.endsAt();
  }

  /** What a replica sees whose clock says {@code now}: late data, and nothing of its own future. */
  private int visible(Instant now) {
    long late = (simulation.now() - simulation.weather.lagMillis()) / 1_000;
    long own = Duration.between(Simulation.START, now).toSeconds();
    return Math.clamp(Math.min(late, own), 0, second);
  }

  private static int index(Instant time, int visible) {
    return Math.clamp(Duration.between(Simulation.START, time).toSeconds(), 0, visible);
  }

  /** Eligible events that truly came in the seconds before, as far as they can be seen by now. */
  long trulyEligible(Objective objective, Instant now, Duration length) {
    int visible = visible(now);
    int[] truly = of(objective).truly;
    return truly[index(now, visible)] - (long) truly[index(now.minus(length), visible)];
  }

  World.Burns burns(Replica replica) {
    return new World.Burns() {
      @Override
      public List<Objective> objectives() {
        return traffic.stream().map(one -> one.story.objective()).toList();
      }

      @Override
      public List<BurnAlert> alerts(Objective objective, Instant now) {
        return alertsOf(objective, now, replica.onsetJitter);
      }

      @Override
      public Counts counts(Objective objective, TimeRange range) {
        Traffic one = of(objective);
        int visible = visible(replica.now());
        int from = index(range.start(), visible);
        int to = index(range.end(), visible);
        return new Counts(one.eligible[to] - one.eligible[from], one.bad[to] - one.bad[from]);
      }

      @Override
      public OptionalDouble budgetRemaining(Objective objective, Instant now) {
        return OptionalDouble.of(0.87);
      }
    };
  }

  private List<BurnAlert> alertsOf(Objective objective, Instant now, int jitter) {
    int visible = visible(now);
    List<BurnAlert> alerts = new ArrayList<>();
    for (Burning one : of(objective).burns) {
      if (one.detected < visible) {
        @Nullable Instant ended = one.ended < visible ? Story.time(one.ended) : null;
        alerts.add(
            new BurnAlert(
                objective,
                BurnAlert.Detector.BURN_RATE,
                Story.time(one.began + jitter),
                Story.time(one.detected),
                ended,
                50,
                0.004));
      }
    }
    return alerts;
  }

  /** What attribution says, by the changes that it is shown. */
  Finding weigh(BurnAlert alert, List<Change> changes) {
    Story story = story(alert.objective());
    if (second < story.sureAt() || simulation.happens(simulation.weather.evidenceWavers())) {
      return Finding.UNSURE;
    }
    Instant latest = alert.beganAt().plus(Eligibility.ONSET_TOLERANCE);
    return changes.stream()
        .filter(change -> isBlamed(story, change) && !change.time().isAfter(latest))
        .max(Comparator.comparing(Change::time))
        .map(change -> story.finding(change.id(), statistic))
        .orElse(Finding.UNSURE);
  }

  private static boolean isBlamed(Story story, Change change) {
    return story.byFlagChange()
        ? change instanceof Change.FlagChange flag
            && flag.flag().equals(story.flag())
            && !flag.own()
            && !flag.isFirstSight()
        : change.id().equals(story.deploy().id());
  }
}
