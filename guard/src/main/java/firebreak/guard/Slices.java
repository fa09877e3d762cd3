package firebreak.guard;

import firebreak.deploytracker.FieldRoles;
import firebreak.deploytracker.SideBySide;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import firebreak.slo.Counts;
import firebreak.slo.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How those fare whom a step of the way back has reached. */
public interface Slices {

  /** Where nobody can tell. */
  Slices NONE =
      new Slices() {
        @Override
        public SideBySide exposed(Objective objective, Slice slice, TimeRange range) {
          return new SideBySide(Counts.NONE, Counts.NONE);
        }

        @Override
        public Counts ofBuild(Objective objective, String build, TimeRange range) {
          return Counts.NONE;
        }
      };

  /**
   * The events of an objective that were served a variation, or a few contexts.
   *
   * @param keys empty for all who were served the variation
   */
  record Slice(String flag, String variation, String contextKind, List<String> keys) {
    public Slice {
      keys = List.copyOf(keys);
    }
  }

  /** The slice's events, and all others of the same minutes. */
  SideBySide exposed(Objective objective, Slice slice, TimeRange range);

  /** The events that a build served. */
  Counts ofBuild(Objective objective, String build, TimeRange range);

  /** By what events say of themselves. */
  static Slices of(EventStore store, FieldRoles fields) {
    return new Slices() {
      @Override
      public SideBySide exposed(Objective objective, Slice slice, TimeRange range) {
        List<Filter> all = new ArrayList<>();
        all.add(FieldRoles.is(List.of(FieldRoles.FLAG_PREFIX + slice.flag()), slice.variation()));
        if (!slice.keys().isEmpty()) {
          List<String> units =
              fields.unit().stream()
                  .filter(unit -> unit.contextKind().equals(slice.contextKind()))
                  .map(FieldRoles.Unit::field)
                  .toList();
          all.add(
              new Filter.Or(slice.keys().stream().map(key -> FieldRoles.is(units, key)).toList()));
        }
        return SideBySide.of(store, objective, Filter.ALL, new Filter.And(all), range);
      }

      @Override
      public Counts ofBuild(Objective objective, String build, TimeRange range) {
        Query query =
            new Query(
                objective.datasets(),
                range,
                List.of(Calculation.count(), Calculation.count(objective.bad())),
                Filter.and(objective.eligible(), FieldRoles.is(fields.build(), build)),
                List.of(),
                List.of(),
                List.of(),
                1,
                Duration.ZERO,
                Duration.ZERO);
        for (QueryResult.Row row : store.query(query).rows()) {
          return new Counts(
              Math.round(row.cells().getFirst().number()),
              Math.round(row.cells().getLast().number()));
        }
        return Counts.NONE;
      }
    };
  }
}
