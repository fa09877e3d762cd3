package firebreak.bubbleup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every slice that is significant, best explanation first. */
final class Causes {

  /** A second cause stands here at the latest, so that it is seen among the first five. */
  static final int SECOND_AT = 3;

  private static final int SINGLE_AT_MOST = 50;

  private final Slices slices;
  private final List<Term> terms;
  private final SingleFields singles;
  private final int tests;

  /**
   * @param terms what the bits of the slices' masks stand for
   */
  Causes(Slices slices, List<Term> terms, SingleFields singles) {
    this.slices = slices;
    this.terms = terms;
    this.singles = singles;
    int[] conjunctions = {0};
    slices.forEach(mask -> conjunctions[0] += Long.bitCount(mask) > 1 ? 1 : 0);
    tests = Math.max(1, conjunctions[0]);
  }

  /** A slice that explains, and the cause that it is. */
  private record Found(long mask, Cause cause) {}

  List<Cause> ranked() {
    List<Found> found = significant();
    List<Cause> causes = new ArrayList<>(found.stream().map(Found::cause).toList());
    addOthers(causes);
    causes.sort(Cause.BEST_FIRST);
    if (!found.isEmpty()) {
      addSecond(causes, found.getFirst());
    }
    return causes;
  }

  private List<Found> significant() {
    List<Found> found = new ArrayList<>();
    slices.forEach(
        mask -> {
          ContingencyTable table = slices.table(mask);
          double pValue = adjusted(mask, table.pValue());
          if (pValue <= SingleFields.LEVEL
              && slices.addsToEachParent(mask, SingleFields.LEVEL / tests)) {
            found.add(
                new Found(
                    mask, new Cause(terms(mask), table, slices.score(mask), pValue, slices.all())));
          }
        });
    found.sort((a, b) -> Cause.BEST_FIRST.compare(a.cause, b.cause));
    return found;
  }

  private double adjusted(long mask, double pValue) {
    return Long.bitCount(mask) == 1 ? singles.adjusted(pValue) : Math.min(1, pValue * tests);
  }

  private List<Term> terms(long mask) {
    List<Term> held = new ArrayList<>();
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      held.add(terms.get(Long.numberOfTrailingZeros(rest)));
    }
    return held;
  }

  /** Adds the values that are significant alone and were too rare, or too many, for a slice. */
  private void addOthers(List<Cause> causes) {
    Set<Term> known = new HashSet<>(terms);
    singles.significant().stream()
        .filter(tested -> !known.contains(tested.term()))
        .limit(SINGLE_AT_MOST)
        .forEach(
            tested ->
                causes.add(
                    new Cause(
                        List.of(tested.term()),
                        tested.table(),
                        tested.evidence(),
                        singles.adjusted(tested.table().pValue()),
                        slices.all())));
  }

  /**
   * Looks at what is left without the best cause's events: what explains that is a second cause.
   */
  private void addSecond(List<Cause> causes, Found best) {
    slices.remove(best.mask);
    List<Found> left = significant();
    if (left.isEmpty()) {
      return;
    }
    Cause second = left.getFirst().cause;
    int known = -1;
    for (int i = 0; i < causes.size(); i++) {
      known = causes.get(i).terms().equals(second.terms()) ? i : known;
    }
    if (known < 0 || known > SECOND_AT) {
      Cause listed = known < 0 ? second : causes.remove(known);
      causes.add(Math.min(SECOND_AT, causes.size()), listed);
    }
  }
}
