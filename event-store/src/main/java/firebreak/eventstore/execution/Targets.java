package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of each group go: to one of the listed groups, or to those a limit cut off, or to
 * those that only the total knows.
 */
final class Targets {
  private final @Nullable Grouping grouping;
  private final int[] kept;
  private final int[] targetOfGroup;

  private Targets(@Nullable Grouping grouping, int[] kept, int[] targetOfGroup) {
    this.grouping = grouping;
    this.kept = kept;
    this.targetOfGroup = targetOfGroup;
  }

  /** Everything in one. */
  static Targets one() {
    return new Targets(null, new int[1], new int[0]);
  }

  static Targets of(Grouping grouping, Ranking.Listed listed) {
    int[] targets = new int[grouping.size()];
    Arrays.fill(targets, listed.kept().length + 1);
    for (int i = 0; i < listed.kept().length; i++) {
      targets[listed.kept()[i]] = i;
    }
    for (int group : listed.cut()) {
      targets[group] = listed.kept().length;
    }
    return new Targets(grouping, listed.kept(), targets);
  }

  /** How many groups are listed; their targets come first. */
  int listed() {
    return kept.length;
  }

  /** The target of what a limit cut off. */
  int other() {
    return kept.length;
  }

  int size() {
    return kept.length + 2;
  }

  /** Where the rows of a group go. */
  int of(int group) {
    return group < targetOfGroup.length ? targetOfGroup[group] : kept.length + 1;
  }

  /**
   * What rows of a part must meet to go to a listed group; null where that is not known by code.
   */
  @Nullable Function<Rows, Condition> isListed() {
    FieldIds only = grouping == null ? null : grouping.only();
    return only == null ? null : rows -> isListed(only, rows.part());
  }

  private Condition isListed(FieldIds ids, PartView part) {
    if (!(ids.column(part) instanceof Column.Coded coded)) {
      return of(Column.ABSENT) < kept.length ? Condition.ALL : Condition.NOTHING;
    }
    int[] map = ids.map(part);
    boolean[] accepted = new boolean[coded.dictionary().size() + 1];
    boolean some = false;
    for (int code = 0; code < accepted.length; code++) {
      accepted[code] = of(map[code]) < kept.length;
      some |= accepted[code];
    }
    return some ? new Condition.Coded(coded.codes(), accepted) : Condition.NOTHING;
  }

  /** What the rows of all listed groups weigh, given that of each group. */
  long listedWeight(Count weights) {
    long listed = 0;
    for (int group : kept) {
      listed += weights.at(group);
    }
    return listed;
  }

  Layout layout(Frame frame) {
    return new Layout(grouping, this::of, frame, size());
  }

  /** The values of a listed group's breakdowns. */
  List<@Nullable Value> values(int target) {
    return grouping == null
        ? Collections.<@Nullable Value>emptyList()
        : grouping.values(kept[target]);
  }
}
