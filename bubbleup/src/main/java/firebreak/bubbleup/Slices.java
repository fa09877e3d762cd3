package firebreak.bubbleup;

import firebreak.bubbleup.Conjunctions.Row;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The slices of the events that conjunctions of terms cut out, and how well each explains which
 * events are selected.
 *
 * <p>A slice explains well when its events are selected more often than the others of the same time
 * and more often than its own before, and when no parent, the slice with a term less, does as well.
 */
final class Slices {
  private static final int SELECTED = 0;
  private static final int ALL = 1;
  private static final int SELECTED_BEFORE = 2;
  private static final int ALL_BEFORE = 3;
  private static final int AMOUNTS = 4;

  /** A slice with little history is taken to have been like all others, as of so many events. */
  private static final double EVENTS_LIKE_ALL = 20;

  /** How much of its worth a term loses that its parent's other events could do without, twice. */
  private static final double NEEDLESS = 0.5;

  private final Conjunctions conjunctions;
  private final boolean hasRisen;
  private final Weight all;

  /** Of all events before, the part that was selected. */
  private final double rateBefore;

  /**
   * @param before the patterns of the time before, by the same terms; empty if it tells nothing
   */
  Slices(List<Pattern> now, List<Pattern> before, int maxTerms, double supportAtLeast) {
    conjunctions = new Conjunctions(rows(now, before), AMOUNTS, maxTerms, supportAtLeast);
    all = weight(0);
    ContingencyTable sinceBefore =
        new ContingencyTable(
            count(0, SELECTED), count(0, ALL), count(0, SELECTED_BEFORE), count(0, ALL_BEFORE));
    hasRisen = sinceBefore.isElevated();
    rateBefore = sinceBefore.restRate();
  }

  private static List<Row> rows(List<Pattern> now, List<Pattern> before) {
    Map<Long, double[]> amounts = new LinkedHashMap<>();
    add(now, 0, amounts);
    add(before, SELECTED_BEFORE, amounts);
    List<Row> rows = new ArrayList<>();
    amounts.forEach((mask, row) -> rows.add(new Row(mask, row)));
    return rows;
  }

  private static void add(List<Pattern> patterns, int at, Map<Long, double[]> amounts) {
    for (Pattern pattern : patterns) {
      double[] row = amounts.computeIfAbsent(pattern.mask(), _ -> new double[AMOUNTS]);
      Weight weight = pattern.weight();
      row[at + SELECTED] += weight.selected();
      row[at + ALL] += weight.selected() + weight.baseline();
    }
  }

  void forEach(LongConsumer visitor) {
    conjunctions.forEach((mask, _, _) -> visitor.accept(mask));
  }

  /** Takes out the events of a slice, so that the others are compared without them. */
  void remove(long mask) {
    conjunctions.remove(mask);
  }

  /** Selected and others of now; those of the mask 0 are all that are left. */
  Weight weight(long mask) {
    long selected = count(mask, SELECTED);
    return new Weight(selected, count(mask, ALL) - selected);
  }

  /** All events of now, those that were taken out among them. */
  Weight all() {
    return all;
  }

  /** The slice's events against all others of now. */
  ContingencyTable table(long mask) {
    return Tested.table(weight(mask), weight(0));
  }

  private long count(long mask, int amount) {
    return (long) conjunctions.sum(mask, amount);
  }

  /** Whether for each term left out, the slice stands out among the events of what remains. */
  boolean addsToEachParent(long mask, double level) {
    for (long rest = mask; Long.bitCount(mask) > 1 && rest != 0; rest &= rest - 1) {
      Weight parent = weight(mask & ~Long.lowestOneBit(rest));
      if (Tested.table(weight(mask), parent).pValue() > level) {
        return false;
      }
    }
    return true;
  }

  /**
   * Evidence in nats, lowered for each term that the slice could do without. Where events are
   * selected more often than before, it is the geometric mean of the evidence against others now
   * and of that against the slice's own past: what was always so explains nothing new. Else the
   * selection itself is nothing new, and the past says nothing.
   */
  double score(long mask) {
    double now = table(mask).evidence();
    return (hasRisen ? Math.sqrt(now * evidenceSince(mask)) : now) * specificity(mask);
  }

  /** The log-likelihood ratio of "more often than expected from before", as of a Poisson count. */
  private double evidenceSince(long mask) {
    double selected = selected(mask);
    double expected = expected(mask);
    return selected <= expected
        ? 0
        : selected * Math.log(selected / expected) - (selected - expected);
  }

  private double specificity(long mask) {
    double specificity = 1;
    for (long rest = mask; Long.bitCount(mask) > 1 && rest != 0; rest &= rest - 1) {
      long parent = mask & ~Long.lowestOneBit(rest);
      double needed =
          1 - NEEDLESS * (hasRisen ? risenBeside(mask, parent) : upBeside(mask, parent));
      specificity *= needed * needed;
    }
    return specificity;
  }

  /**
   * How far the parent's other events are up, from 0, like those outside, to 1, like the slice: by
   * the logarithm of how many times as often they are selected as before.
   */
  private double risenBeside(long mask, long parent) {
    return part(rise(parent, mask), Math.max(0, rise(0, parent)), rise(mask));
  }

  /** How many times as often as expected the slice is selected, as a logarithm. */
  private double rise(long mask) {
    return rise(selected(mask), expected(mask));
  }

  /** The same of the slice without the events of a smaller one. */
  private double rise(long mask, long without) {
    return rise(
        selected(mask) - selected(without),
        expected(
            conjunctions.sum(mask, ALL) - conjunctions.sum(without, ALL),
            conjunctions.sum(mask, SELECTED_BEFORE) - conjunctions.sum(without, SELECTED_BEFORE),
            conjunctions.sum(mask, ALL_BEFORE) - conjunctions.sum(without, ALL_BEFORE)));
  }

  /** The same by the share of events that are selected now. */
  private double upBeside(long mask, long parent) {
    ContingencyTable siblings = Tested.table(weight(mask), weight(parent));
    double outside = table(parent).restRate();
    return part(siblings.restRate(), outside, siblings.rate());
  }

  private static double part(double value, double low, double high) {
    return high <= low ? 1 : Math.clamp((value - low) / (high - low), 0, 1);
  }

  private double selected(long mask) {
    return conjunctions.sum(mask, SELECTED);
  }

  /** How many events would be selected if they were as often as before. */
  private double expected(long mask) {
    return expected(
        conjunctions.sum(mask, ALL),
        conjunctions.sum(mask, SELECTED_BEFORE),
        conjunctions.sum(mask, ALL_BEFORE));
  }

  private double expected(double events, double selectedBefore, double before) {
    return events * (selectedBefore + EVENTS_LIKE_ALL * rateBefore) / (before + EVENTS_LIKE_ALL);
  }

  private static double rise(double selected, double expected) {
    return Math.log((selected + 1) / (expected + 1));
  }
}
