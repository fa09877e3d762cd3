package firebreak.slo;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service level objective over events: of those {@code eligible}, the share {@code target} is to
 * be {@code good} over the window. An event's indicator is null (not eligible), true or false.
 *
 * @param id stable name, the SLO's {@code metadata.name}
 * @param target a share between 0 and 1, both excluded
 * @param window the length of the window; of a calendar window, about
 * @param budgeting what the budget is counted in
 * @param calendar the windows of an objective whose window does not roll
 * @param derived the derived columns that the filters may name besides stored fields, as formulas
 * @param budgetRules the burn alerts that people have set, besides {@link BurnRule#STANDARD}
 */
public record Objective(
    String id,
    String name,
    String service,
    List<String> datasets,
    Filter eligible,
    Filter good,
    double target,
    Duration window,
    Budgeting budgeting,
    @Nullable Calendar calendar,
    Map<String, String> derived,
    List<BudgetRule> budgetRules) {

  /** How many burn alerts an objective may have. */
  public static final int BUDGET_RULES_AT_MOST = 20;

  private static final Instant END = Ledger.startOf(Ledger.BUCKETS_END);

  public Objective {
    datasets = List.copyOf(datasets);
    // Incidents written down before there were these have none of them.
    budgeting = Objects.requireNonNullElse(budgeting, new Budgeting.Occurrences());
    derived = Map.copyOf(Objects.requireNonNullElse(derived, Map.of()));
    budgetRules = List.copyOf(Objects.requireNonNullElse(budgetRules, List.of()));
    if (!(target > 0 && target < 1)) {
      throw new IllegalArgumentException("target must lie between 0 and 1, was " + target);
    }
    if (datasets.isEmpty()) {
      throw new IllegalArgumentException("objective " + id + " names no dataset");
    }
    if (!window.isPositive()) {
      throw new IllegalArgumentException("window must be positive, was " + window);
    }
    if (window.compareTo(budgeting.slice()) < 0) {
      throw new IllegalArgumentException(
          "a window of %s is shorter than a slice of %s".formatted(window, budgeting.slice()));
    }
    checkRules(id, window, budgetRules);
    derived.values().forEach(Formula::parse);
  }

  /** An objective over a rolling window, counted in events. */
  public Objective(
      String id,
      String name,
      String service,
      List<String> datasets,
      Filter eligible,
      Filter good,
      double target,
      Duration window) {
    this(
        id,
        name,
        service,
        datasets,
        eligible,
        good,
        target,
        window,
        new Budgeting.Occurrences(),
        null,
        Map.of(),
        List.of());
  }

  /** An objective whose indicator is one column: absent, true, or anything else for false. */
  public static Objective ofColumn(
      String id,
      String name,
      List<String> datasets,
      String column,
      double target,
      Duration window) {
    return new Objective(
        id,
        name,
        datasets.isEmpty() ? "" : datasets.getFirst(),
        datasets,
        new Filter.Exists(column),
        Filter.equal(column, Value.of(true)),
        target,
        window);
  }

  private static void checkRules(String id, Duration window, List<BudgetRule> rules) {
    if (rules.size() > BUDGET_RULES_AT_MOST) {
      throw new IllegalArgumentException(
          "objective %s has at most %d burn alerts".formatted(id, BUDGET_RULES_AT_MOST));
    }
    Set<String> ids = new HashSet<>();
    for (BudgetRule rule : rules) {
      if (!ids.add(rule.id())) {
        throw new IllegalArgumentException("two burn alerts are named " + rule.id());
      }
      if (rule.lookBack().compareTo(window) > 0) {
        throw new IllegalArgumentException(
            "burn alert %s looks back over %s, longer than the window of %s"
                .formatted(rule.id(), rule.lookBack(), window));
      }
    }
  }

  /** The share of eligible events that may be bad. */
  public double budgetShare() {
    return 1 - target;
  }

  /** The indicator, for judging many events. */
  public Indicator indicator() {
    return new Indicator(this);
  }

  public boolean isEligible(Event event) {
    return indicator().isEligible(event);
  }

  public boolean isBad(Event event) {
    Indicator indicator = indicator();
    return indicator.isEligible(event) && !indicator.isGood(event);
  }

  /**
   * Matches, of the eligible events that no correction takes out, those that fail the objective.
   */
  public Filter bad() {
    return Filter.and(timeless(eligible), Filter.not(good));
  }

  private static Filter timeless(Filter filter) {
    return switch (filter) {
      case Filter.And and ->
          new Filter.And(and.filters().stream().map(Objective::timeless).toList());
      case Filter.During _, Filter.Not(Filter.During _) -> Filter.ALL;
      case Filter.Or _,
          Filter.Not _,
          Filter.Exists _,
          Filter.In _,
          Filter.Compare _,
          Filter.Matches _,
          Filter.InTrace _ ->
          filter;
    };
  }

  /** The derived columns, for questions to the store. Parses them each time. */
  public Map<String, Formula> formulas() {
    if (derived.isEmpty()) {
      return Map.of();
    }
    Map<String, Formula> formulas = new TreeMap<>();
    derived.forEach((alias, expression) -> formulas.put(alias, Formula.parse(expression)));
    return formulas;
  }

  /** The window as of {@code now}: the last so long, or from its start by the calendar. */
  public TimeRange windowAt(Instant now) {
    if (calendar == null) {
      return TimeRange.before(now, window);
    }
    Instant start = calendar.windowStart(now);
    return new TimeRange(start, start.equals(now) ? now.plusNanos(1) : now);
  }

  /** The same, but the events of these ranges do not count: a correction. */
  public Objective without(List<TimeRange> ranges) {
    if (ranges.isEmpty()) {
      return this;
    }
    Filter[] counted =
        ranges.stream().map(range -> Filter.not(new Filter.During(range))).toArray(Filter[]::new);
    return counting(Filter.and(eligible, Filter.and(counted)));
  }

  /** The same, but what happened before does not count: a reset. */
  public Objective since(Instant reset) {
    return counting(Filter.and(eligible, new Filter.During(new TimeRange(reset, END))));
  }

  private Objective counting(Filter narrower) {
    return new Objective(
        id,
        name,
        service,
        datasets,
        narrower,
        good,
        target,
        window,
        budgeting,
        calendar,
        derived,
        budgetRules);
  }

  public Objective budgetedBy(Budgeting method) {
    return new Objective(
        id,
        name,
        service,
        datasets,
        eligible,
        good,
        target,
        window,
        method,
        calendar,
        derived,
        budgetRules);
  }

  public Objective alignedTo(Calendar windows) {
    return new Objective(
        id,
        name,
        service,
        datasets,
        eligible,
        good,
        target,
        window,
        budgeting,
        windows,
        derived,
        budgetRules);
  }

  public Objective deriving(Map<String, String> columns) {
    return new Objective(
        id,
        name,
        service,
        datasets,
        eligible,
        good,
        target,
        window,
        budgeting,
        calendar,
        columns,
        budgetRules);
  }

  public Objective alertedBy(List<BudgetRule> rules) {
    return new Objective(
        id, name, service, datasets, eligible, good, target, window, budgeting, calendar, derived,
        rules);
  }
}
