package firebreak.deploytracker;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the store says of the objective's eligible events over hours, in counts. */
final class History {

  /** The width of a slot of a series. */
  static final Duration SLOT = Duration.ofSeconds(10);

  private static final Duration PAGE = Duration.ofHours(2);

  private final EventStore store;
  private final Objective objective;

  History(EventStore store, Objective objective) {
    this.store = store;
    this.objective = objective;
  }

  private Query query(TimeRange range, Filter filter) {
    Query query =
        new Query(
            objective.datasets(),
            range,
            List.of(Calculation.count(), Calculation.count(Filter.not(objective.good()))),
            Filter.and(objective.eligible(), filter),
            List.of(),
            List.of(),
            List.of(),
            Limits.ROWS,
            Duration.ZERO,
            Duration.ZERO);
    return query.withDerived(objective.formulas());
  }

  Tally tally(TimeRange range, Filter filter) {
    return tally(store.query(query(range, filter)).total().cells());
  }

  private static Tally tally(List<Cell> cells) {
    return new Tally(number(cells, 0), number(cells, 1));
  }

  private static long number(List<Cell> cells, int index) {
    double number = cells.get(index).number();
    return Double.isNaN(number) ? 0 : Math.round(number);
  }

  /** By value of a field; events without it are left out. */
  Map<Value, Tally> tallies(TimeRange range, Filter filter, String field) {
    Map<Value, Tally> tallies = new HashMap<>();
    for (Row row : store.query(query(range, filter).groupedBy(field)).rows()) {
      Value value = row.group().getFirst();
      if (value != null) {
        tallies.merge(value, tally(row.cells()), Tally::plus);
      }
    }
    return tallies;
  }

  /** The counts of each slot that has events, by its start. */
  SortedMap<Instant, Tally> series(TimeRange range, Filter filter) {
    SortedMap<Instant, Tally> series = new TreeMap<>();
    for (Instant start = range.start(); start.isBefore(range.end()); start = start.plus(PAGE)) {
      Instant end = start.plus(PAGE).isBefore(range.end()) ? start.plus(PAGE) : range.end();
      Query page = query(new TimeRange(start, end), filter).withGranularity(SLOT);
      for (Row row : store.query(page).rows()) {
        for (Point point : row.series()) {
          Tally tally = tally(point.cells());
          if (tally.events() > 0) {
            series.merge(point.time(), tally, Tally::plus);
          }
        }
      }
    }
    return series;
  }

  /** By minute, the events that carry each value of a field; those without it are left out. */
  SortedMap<Instant, Map<Value, Tally>> minutes(TimeRange range, String field) {
    SortedMap<Instant, Map<Value, Tally>> minutes = new TreeMap<>();
    Query query = query(range, Filter.ALL).groupedBy(field).withGranularity(Duration.ofMinutes(1));
    for (Row row : store.query(query).rows()) {
      Value value = row.group().getFirst();
      if (value != null) {
        for (Point point : row.series()) {
          minutes
              .computeIfAbsent(point.time(), _ -> new HashMap<>())
              .merge(value, tally(point.cells()), Tally::plus);
        }
      }
    }
    return minutes;
  }

  /**
   * To the minute, when each build was first seen in the range; the first of the fields that an
   * event has names its build.
   */
  Map<Value, Instant> firstSeen(TimeRange range, List<String> buildFields) {
    Map<Value, Instant> seen = new HashMap<>();
    Query query =
        query(range, Filter.ALL)
            .groupedBy(buildFields.toArray(String[]::new))
            .withGranularity(Duration.ofMinutes(1));
    for (Row row : store.query(query).rows()) {
      Value build = firstPresent(row.group());
      if (build == null) {
        continue;
      }
      for (Point point : row.series()) {
        if (tally(point.cells()).events() > 0) {
          seen.merge(build, point.time(), (a, b) -> a.isBefore(b) ? a : b);
        }
      }
    }
    return seen;
  }

  private static @Nullable Value firstPresent(List<@Nullable Value> group) {
    for (Value value : group) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
