package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Counts eligible and bad events per objective as they come in, and tells what burns.
 *
 * <p>Safe for use by many threads. Objectives are known by their id: a question about one is
 * answered by its definition as last given to {@link #follow}.
 */
public final class SloMonitor {

  /** How far back {@link #alerts} lists burns that are over. */
  public static final Duration LOOK_BACK = Duration.ofDays(3);

  /** The longest window of an objective: so much is kept of what is counted. */
  public static final Duration WINDOW_AT_MOST = Duration.ofHours(Ledger.HOURS_KEPT);

  /** How many points {@link #history} gives at most. */
  public static final int HISTORY_POINTS = 10_000;

  private final StoreCounts store;
  private volatile Map<String, Tally> followed = Map.of();

  /** Those that hear a dataset's events: the followed ones, and new ones that read the store. */
  private volatile Map<String, List<Tally>> hearing = Map.of();

  public SloMonitor(EventStore store) {
    this.store = new StoreCounts(store);
    store.onAppend(this::hear);
  }

  private void hear(String dataset, List<Event> events) {
    for (Tally tally : hearing.getOrDefault(dataset, List.of())) {
      tally.hear(events);
    }
  }

  private static Map<String, List<Tally>> byDataset(Collection<Tally> tallies) {
    Map<String, List<Tally>> byDataset = new HashMap<>();
    for (Tally tally : tallies) {
      for (String dataset : Set.copyOf(tally.objective().datasets())) {
        byDataset.computeIfAbsent(dataset, _ -> new ArrayList<>()).add(tally);
      }
    }
    return byDataset;
  }

  /**
   * Takes these objectives from now on; counts of new or changed ones are rebuilt from the store.
   * Until it returns, questions are answered for the objectives followed before, and that stays so
   * when it fails.
   */
  public synchronized void follow(List<Objective> objectives) {
    Map<String, Tally> next = new LinkedHashMap<>();
    List<Tally> fresh = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Objective objective : objectives) {
      if (!ids.add(objective.id())) {
        throw new IllegalArgumentException("two objectives are named " + objective.id());
      }
      if (objective.window().compareTo(WINDOW_AT_MOST) > 0) {
        throw new IllegalArgumentException(
            "objective %s has a window of %s, at most %s can be followed"
                .formatted(objective.id(), objective.window(), WINDOW_AT_MOST));
      }
      Tally known = followed.get(objective.id());
      if (known != null && known.serves(objective)) {
        next.put(objective.id(), known);
      } else {
        Tally tally = new Tally(objective, store);
        fresh.add(tally);
        next.put(objective.id(), tally);
      }
    }
    Map<String, List<Tally>> before = hearing;
    List<Tally> both = new ArrayList<>(followed.values());
    both.addAll(fresh);
    hearing = byDataset(both);
    try {
      fresh.forEach(Tally::readStore);
    } catch (RuntimeException e) {
      hearing = before;
      throw e;
    }
    for (Objective objective : objectives) {
      Tally tally = next.get(objective.id());
      if (tally != null && !tally.objective().equals(objective)) {
        tally.judgeBy(objective);
      }
    }
    followed = next;
    hearing = byDataset(next.values());
  }

  /** The objectives followed now, in the order given. */
  public List<Objective> objectives() {
    return followed.values().stream().map(Tally::objective).toList();
  }

  /** Events of the range widened to whole buckets of ten seconds. */
  public Counts counts(Objective objective, TimeRange range) {
    long first = Ledger.bucketOf(range.start());
    long end = Ledger.bucketFrom(range.end());
    return tally(objective).ask(ledger -> ledger.between(first, end));
  }

  /**
   * The same in what the objective's budget is counted in: events, slices, or parts of slices of
   * which {@link Budgeting#unitsEach} make one. A slice counts where it ends.
   */
  public Counts budgetCounts(Objective objective, TimeRange range) {
    long first = Ledger.bucketOf(range.start());
    long end = Ledger.bucketFrom(range.end());
    return tally(objective).askBudget(ledger -> ledger.between(first, end));
  }

  /**
   * How many times faster than allowed the budget was spent over the window that ends at {@code
   * end}; NaN where nothing counts.
   */
  public double burnRate(Objective objective, Duration window, Instant end) {
    Tally tally = tally(objective);
    return budgetCounts(objective, TimeRange.before(end, window))
        .burnRate(tally.objective().budgetShare());
  }

  /** 1 − bad / ((1 − target) · eligible) over the window at {@code now}; empty without events. */
  public OptionalDouble budgetRemaining(Objective objective, Instant now) {
    Objective followed = tally(objective).objective();
    double spent = budgetCounts(objective, followed.windowAt(now)).burnRate(followed.budgetShare());
    return Double.isNaN(spent) ? OptionalDouble.empty() : OptionalDouble.of(1 - spent);
  }

  /** Whether the condition of one of the objective's own burn alerts holds. */
  public boolean isTriggered(Objective objective, String rule, Instant now) {
    return tally(objective).isTriggered(rule, now);
  }

  /**
   * Every burn by {@link BurnRule#STANDARD} and by the objective's own rules that had not ended
   * {@link #LOOK_BACK} before now, by event time, oldest first: the ones that are over and those
   * that still burn.
   *
   * <p>It depends on the counts alone, not on when the events came in or what was asked before:
   * late events can change the answer. Urgent alerts never overlap each other, nor do tickets; what
   * an urgent alert has burnt raises no ticket. Where no eligible events are, nothing begins or
   * ends. The ten seconds in which {@code now} lies are judged as they stand.
   */
  public List<BurnAlert> alerts(Objective objective, Instant now) {
    return tally(objective).alerts(now, LOOK_BACK);
  }

  /**
   * Good and eligible per step, in what the budget is counted in, oldest first, empty steps
   * included; a step's ends lie on the ten seconds before.
   */
  public List<Point> history(Objective objective, TimeRange range, Duration step) {
    if (step.compareTo(Duration.ofSeconds(Ledger.BUCKET_SECONDS)) < 0) {
      throw new IllegalArgumentException("a step is at least ten seconds, was " + step);
    }
    if (range.length().dividedBy(step) >= HISTORY_POINTS) {
      throw new IllegalArgumentException(
          "a history has at most %d points, was %s by %s"
              .formatted(HISTORY_POINTS, range.length(), step));
    }
    return tally(objective)
        .askBudget(
            ledger -> {
              List<Point> points = new ArrayList<>();
              Instant start = range.start();
              while (start.isBefore(range.end())) {
                Instant end = start.plus(step);
                long last =
                    end.isBefore(range.end())
                        ? Ledger.bucketOf(end)
                        : Ledger.bucketFrom(range.end());
                points.add(new Point(start, ledger.between(Ledger.bucketOf(start), last)));
                start = end;
              }
              return List.copyOf(points);
            });
  }

  private Tally tally(Objective objective) {
    Tally tally = followed.get(objective.id());
    if (tally == null) {
      throw new IllegalArgumentException(
          "objective %s is not followed; followed are %s"
              .formatted(objective.id(), followed.keySet()));
    }
    return tally;
  }

  /** The counts of one step, by its start. */
  public record Point(Instant time, Counts counts) {}
}
