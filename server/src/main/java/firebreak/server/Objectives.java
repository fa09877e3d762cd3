package firebreak.server;

import firebreak.eventstore.TimeRange;
import firebreak.records.Correction;
import firebreak.records.DerivedColumn;
import firebreak.records.Records;
import firebreak.records.SavedBurnAlert;
import firebreak.records.SavedSlo;
import firebreak.slo.BudgetRule;
import firebreak.slo.Objective;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objectives in force: those of the folder, those made over the API and those of delivery, with
 * their burn alerts, resets and corrections. What changes is in force within a round of the patrol,
 * and what is changed over the API at once.
 */
final class Objectives {
  private static final Logger LOG = LoggerFactory.getLogger(Objectives.class);
  private static final double MILLION = 1e6;

  private final SloFolder folder;
  private final Records records;
  private final DeliveryObjectives delivery;
  private final SloMonitor monitor;
  private final ReentrantLock turns = new ReentrantLock();

  Objectives(SloFolder folder, Records records, DeliveryObjectives delivery, SloMonitor monitor) {
    this.folder = folder;
    this.records = records;
    this.delivery = delivery;
    this.monitor = monitor;
  }

  /**
   * Takes them for the first time.
   *
   * @throws IllegalArgumentException if a file is wrong
   */
  void load() {
    inTurn(
        () -> {
          follow(folder.load());
          return true;
        });
  }

  /**
   * Takes what has changed since. New objectives count their history first, which takes its time.
   */
  void reload() {
    inTurn(
        () -> {
          follow(folder.reload());
          return true;
        });
  }

  /** The same for one who cannot wait: if somebody does so already, nothing. */
  void reloadIfFree() {
    if (turns.tryLock()) {
      try {
        follow(folder.reload());
      } finally {
        turns.unlock();
      }
    }
  }

  private <T> T inTurn(Supplier<T> work) {
    turns.lock();
    try {
      return work.get();
    } finally {
      turns.unlock();
    }
  }

  private void follow(List<Objective> ofFolder) {
    List<Objective> all = inForce(ofFolder);
    if (!all.equals(monitor.objectives())) {
      monitor.follow(all);
    }
  }

  /** As they were written and made, without burn alerts, resets and corrections. */
  private Map<String, Objective> asWritten(List<Objective> ofFolder) {
    Map<String, Objective> written = new LinkedHashMap<>();
    ofFolder.forEach(objective -> written.put(objective.id(), objective));
    for (SavedSlo slo : records.slos().all()) {
      try {
        written.putIfAbsent(slo.id(), objective(slo));
      } catch (IllegalArgumentException e) {
        LOG.warn("the SLO {} is not watched: {}", slo.name(), e.getMessage());
      }
    }
    delivery.inForce().forEach(objective -> written.putIfAbsent(objective.id(), objective));
    return written;
  }

  private List<Objective> inForce(List<Objective> ofFolder) {
    Map<String, Objective> bare = asWritten(ofFolder);
    Map<String, List<BudgetRule>> rules = new HashMap<>();
    for (SavedBurnAlert alert : records.burnAlerts().all()) {
      rules.computeIfAbsent(alert.slo(), _ -> new ArrayList<>()).add(rule(alert));
    }
    Map<String, List<TimeRange>> corrections = new HashMap<>();
    for (Correction correction : records.corrections().all()) {
      corrections.computeIfAbsent(correction.slo(), _ -> new ArrayList<>()).add(correction.range());
    }
    bare.replaceAll((id, one) -> with(one, rules.getOrDefault(id, List.of())));
    records
        .resets()
        .all()
        .forEach(reset -> bare.computeIfPresent(reset.slo(), (_, one) -> one.since(reset.at())));
    corrections.forEach((id, ranges) -> bare.computeIfPresent(id, (_, one) -> one.without(ranges)));
    return List.copyOf(bare.values());
  }

  /** A burn alert that no longer fits its objective, whose file has changed, keeps none away. */
  private static Objective with(Objective objective, List<BudgetRule> rules) {
    try {
      return objective.alertedBy(rules);
    } catch (IllegalArgumentException e) {
      LOG.warn("{}; its burn alerts are not watched", e.getMessage());
      return objective;
    }
  }

  /**
   * What was saved, as an objective.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  Objective objective(SavedSlo slo) {
    Duration window = Duration.ofDays(slo.periodDays());
    if (window.compareTo(SloMonitor.WINDOW_AT_MOST) > 0) {
      throw new IllegalArgumentException(
          "time_period_days is at most %d, was %d"
              .formatted(SloMonitor.WINDOW_AT_MOST.toDays(), slo.periodDays()));
    }
    Map<String, String> derived = new HashMap<>();
    column(slo.datasets(), slo.alias())
        .ifPresent(column -> derived.put(column.alias(), column.expression()));
    return Objective.ofColumn(
            slo.id(),
            slo.name(),
            slo.datasets(),
            slo.alias(),
            slo.targetPerMillion() / MILLION,
            window)
        .deriving(derived);
  }

  /** The derived column of that name: of the one dataset, or of all. */
  Optional<DerivedColumn> column(List<String> datasets, String alias) {
    List<DerivedColumn> known = new ArrayList<>();
    if (Set.copyOf(datasets).size() == 1) {
      known.addAll(records.derivedColumns().of(datasets.getFirst()));
    }
    known.addAll(records.derivedColumns().of(DerivedFields.ALL));
    return known.stream().filter(column -> column.alias().equals(alias)).findFirst();
  }

  static BudgetRule rule(SavedBurnAlert alert) {
    Duration time = Duration.ofMinutes(alert.minutes());
    return alert.type().equals("budget_rate")
        ? new BudgetRule.BudgetRate(alert.id(), time, alert.decreasePerMillion() / MILLION)
        : new BudgetRule.ExhaustionTime(alert.id(), time);
  }

  /** The objective of that id. */
  Objective find(String id) {
    return monitor.objectives().stream()
        .filter(objective -> objective.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new Refusal(404, "there is no SLO " + id));
  }

  /** The objective of that id as it was written or made. */
  Objective bare(String id) {
    Objective written = inTurn(() -> asWritten(folder.reload())).get(id);
    if (written == null) {
      throw new Refusal(404, "there is no SLO " + id);
    }
    return written;
  }

  /** The ids that are taken. */
  Set<String> ids() {
    Set<String> ids = new HashSet<>();
    monitor.objectives().forEach(objective -> ids.add(objective.id()));
    return ids;
  }
}
