package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What each unit was served in the half hour before a time. */
final class ServedBefore {
  static final Duration BEFORE = Duration.ofMinutes(30);

  private final Column<UnitValue> units;
  private final Map<Value, Tally> all;
  private final Map<Value, Tally> with;

  /**
   * Asks the history; the sample has units.
   *
   * @param served what was served
   */
  ServedBefore(Sample sample, History history, Filter served, Instant since) {
    units = sample.units();
    String field = units.value(1).unit().field();
    TimeRange range = TimeRange.before(since, BEFORE);
    all = history.tallies(range, Filter.ALL, field);
    with = history.tallies(range, served, field);
  }

  /** Whether the row's unit was there. */
  boolean wasSeen(int row) {
    return events(all, row) > 0;
  }

  /** Whether the row's unit was there and served it in at least half of its events. */
  boolean mostlyServed(int row) {
    return wasSeen(row) && 2 * events(with, row) >= events(all, row);
  }

  private long events(Map<Value, Tally> tallies, int row) {
    int code = units.code(row);
    return code == Column.ABSENT
        ? 0
        : tallies.getOrDefault(units.value(code).value(), Tally.NONE).events();
  }
}
