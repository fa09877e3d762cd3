package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.Traces;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of one part that are within a selection, and those of them that are selected. */
record Sides(RowList withinList, RowList selectedList) {

  /** The rows of every part that has some within. */
  record Found(TimeScope scope, List<Sides> sides) {}

  /**
   * Finds both sides.
   *
   * @param others filters that will be asked besides
   */
  static Found find(
      Selection selection, List<Filter> others, Snapshot snapshot, TimeScope.Means means) {
    TimeScope scope =
        new TimeScope(
            selection.datasets(), selection.range(), selection.derived(), snapshot, means);
    List<Filter> filters = new ArrayList<>(others);
    filters.add(selection.within());
    filters.add(selection.selected());
    scope.prepare(Set.of(), filters);
    List<Rows> rows = scope.rows();
    boolean isOfParts = isOfParts(selection);
    List<@Nullable Kept> kept = new ArrayList<>();
    List<Rows> unknown = new ArrayList<>();
    for (Rows some : rows) {
      Kept known =
          isOfParts && some.bits() == null
              ? means.pieces().known(Asked.of(some, selection), Kept.class)
              : null;
      kept.add(known);
      if (known == null) {
        unknown.add(some);
      }
    }
    List<Rows> within = scope.narrow(unknown, selection.within());
    List<Rows> selected = scope.narrow(within, selection.selected());
    List<Sides> sides = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < rows.size(); i++) {
      Kept found = kept.get(i);
      if (found == null) {
        found = new Kept(Chosen.of(within.get(next)), Chosen.of(selected.get(next)));
        next++;
        if (isOfParts && rows.get(i).bits() == null) {
          means.pieces().keep(Asked.of(rows.get(i), selection), found, found.size());
        }
      }
      if (found.within().count() > 0) {
        PartView part = rows.get(i).part();
        sides.add(
            new Sides(
                new RowList(found.within().of(part)), new RowList(found.selected().of(part))));
      }
    }
    return new Found(scope, sides);
  }

  /** Whether the rows of a part alone tell which of them are within and selected. */
  private static boolean isOfParts(Selection selection) {
    Filter filter = Filter.and(selection.within(), selection.selected());
    return selection.derived().isEmpty()
        && !Filter.looksIntoTraces(filter)
        && Filter.fields(filter).stream().noneMatch(Traces::isRelational);
  }

  /** Which rows of which part are asked what. */
  private record Asked(long part, int from, int to, Filter within, Filter selected) {
    static Asked of(Rows rows, Selection selection) {
      return new Asked(
          rows.part().part().id(),
          rows.from(),
          rows.to(),
          selection.within(),
          selection.selected());
    }
  }

  /** Rows of a part, without it. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Chosen(int from, int to, long @Nullable [] bits, int count) {
    static Chosen of(Rows rows) {
      return new Chosen(rows.from(), rows.to(), rows.bits(), rows.count());
    }

    Rows of(PartView part) {
      return new Rows(part, from, to, bits, count);
    }

    long size() {
      return bits == null ? 1 : bits.length;
    }
  }

  private record Kept(Chosen within, Chosen selected) {
    long size() {
      return within.size() + selected.size();
    }
  }

  Rows within() {
    return withinList.rows();
  }

  Rows selected() {
    return selectedList.rows();
  }

  PartView part() {
    return within().part();
  }
}
