package firebreak.server;

import firebreak.deploytracker.BuildTraces;
import firebreak.deploytracker.MergeToEverywhere;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Relation;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objectives of delivery that exist by themselves once there are events for them: that builds
 * are quick, and that a merge is everywhere within the hour. Nobody was exposed to a slow build, so
 * the guard does not watch them.
 */
final class DeliveryObjectives implements AutoCloseable {
  static final Duration EVERY = Duration.ofMinutes(1);

  /** Merges older than this are known, or were never seen. */
  static final Duration LOOKS_BACK = Duration.ofDays(1);

  private static final double TARGET = 0.9;
  private static final Duration WINDOW = Duration.ofDays(28);
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryObjectives.class);

  static final Objective BUILDS =
      new Objective(
          "builds-under-ten-minutes",
          "Builds finish in under ten minutes",
          BuildTraces.DATASET,
          List.of(BuildTraces.DATASET),
          Filter.and(
              Filter.equal("service_name", Value.of("build")),
              // One that failed early was no quick build.
              Filter.equal("status", Value.of("success"))),
          new Filter.Compare(
              "duration_ms", Relation.LESS, Value.of(Duration.ofMinutes(10).toMillis())),
          TARGET,
          WINDOW);

  static final Objective RELEASES =
      new Objective(
          "merged-to-everywhere-within-an-hour",
          "What is merged is everywhere within the hour",
          MergeToEverywhere.DATASET,
          List.of(MergeToEverywhere.DATASET),
          new Filter.Exists(MergeToEverywhere.IN_TIME),
          Filter.equal(MergeToEverywhere.IN_TIME, Value.of(true)),
          TARGET,
          WINDOW);

  private final boolean isOn;
  private final EventStore store;
  private final InstantSource clock;
  private final Set<String> known = new HashSet<>();
  private volatile boolean running = true;
  private volatile @Nullable Thread thread;

  DeliveryObjectives(boolean isOn, EventStore store, InstantSource clock) {
    this.isOn = isOn;
    this.store = store;
    this.clock = clock;
  }

  /** Those there are events for. */
  List<Objective> inForce() {
    if (!isOn) {
      return List.of();
    }
    Set<String> datasets = store.datasets().keySet();
    List<Objective> all = new ArrayList<>();
    for (Objective objective : List.of(BUILDS, RELEASES)) {
      if (datasets.containsAll(objective.datasets())) {
        all.add(objective);
      }
    }
    return all;
  }

  /** Whether the guard is to look at the objective's burns. */
  static boolean isGuarded(Objective objective) {
    return !objective.id().equals(BUILDS.id()) && !objective.id().equals(RELEASES.id());
  }

  /** Writes down from now on what becomes of merges. */
  void start(Releases releases) {
    if (isOn) {
      thread = Thread.ofVirtual().name("merges").start(() -> rounds(releases));
    }
  }

  private void rounds(Releases releases) {
    while (running) {
      try {
        look(releases, clock.instant());
      } catch (RuntimeException e) {
        LOG.error("what became of merges cannot be written down; the next round goes on", e);
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One round: the store keeps an outcome that it has already once. */
  void look(Releases releases, Instant now) {
    List<Event> outcomes = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (MergeToEverywhere merge :
        MergeToEverywhere.of(releases.in(TimeRange.before(now, LOOKS_BACK)))) {
      String id = merge.rollout().id();
      merge
          .outcome(now)
          .ifPresent(
              event -> {
                seen.add(id);
                if (!known.contains(id)) {
                  outcomes.add(event);
                }
              });
    }
    if (!outcomes.isEmpty()) {
      store.append(MergeToEverywhere.DATASET, outcomes);
    }
    known.addAll(seen);
    known.retainAll(seen);
  }

  @Override
  public void close() {
    running = false;
    Thread started = thread;
    if (started != null) {
      started.interrupt();
    }
  }
}
