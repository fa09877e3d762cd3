package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.Map;

/** How the units that a flag reaches now, and the others, fared before it did. */
final class UnitsBefore {
  private final Sample sample;
  private final History history;

  UnitsBefore(Sample sample, History history) {
    this.sample = sample;
    this.history = history;
  }

  /** The units that the flag reaches in most of their events, then all others. */
  Tally[] exposedAndRest(Candidate candidate, Instant onset) {
    Column<UnitValue> units = sample.units();
    long[] exposed = new long[units.codes()];
    for (int row = 0; row < sample.size(); row++) {
      exposed[units.code(row)] += candidate.exposed().get(row) ? 1 : -1;
    }
    Tally[] before = {Tally.NONE, Tally.NONE};
    TimeRange range = new TimeRange(onset.minus(Lineup.AGE_AT_MOST), candidate.time());
    if (units.codes() == 1) {
      return before;
    }
    FieldRoles.Unit unit = units.value(1).unit();
    for (Map.Entry<Value, Tally> entry :
        history.tallies(range, Filter.ALL, unit.field()).entrySet()) {
      int code = units.codeOf(new UnitValue(unit, entry.getKey()));
      if (code != Column.ABSENT) {
        int side = exposed[code] > 0 ? 0 : 1;
        before[side] = before[side].plus(entry.getValue());
      }
    }
    return before;
  }
}
