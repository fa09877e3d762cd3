package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts every conjunction of up to three terms that occurs, and keeps those that tell more than
 * each of their parts.
 *
 * <p>A conjunction is reached through its parents (Agrawal and Srikant's apriori): those with too
 * few selected events are not extended. It is kept only if, for each term left out, it stands out
 * among the events of what remains.
 *
 * <p>Counts lie in flat arrays, one per number of terms, at the place that the terms' numbers spell
 * in base 64: counting is one addition for each conjunction in each pattern.
 */
final class Conjunctions {

  /** A set of terms, as bits, and its table against all other events. */
  record Counted(long mask, ContingencyTable table) {}

  private static final int DIGIT = 6;

  private final long[][] selected;
  private final long[][] baseline;
  private final double supportAtLeast;
  private final Weight total;
  private final List<Long> ofTwoOrMore = new ArrayList<>();

  Conjunctions(List<Pattern> patterns, Weight total, int maxTerms, double supportAtLeast) {
    this.total = total;
    this.supportAtLeast = supportAtLeast;
    selected = new long[maxTerms + 1][];
    baseline = new long[maxTerms + 1][];
    for (int terms = 1; terms <= maxTerms; terms++) {
      selected[terms] = new long[1 << (DIGIT * terms)];
      baseline[terms] = new long[1 << (DIGIT * terms)];
      for (Pattern pattern : patterns) {
        count(0, 0, pattern.mask(), terms, pattern.weight());
      }
      for (int place = 0; terms > 1 && place < selected[terms].length; place++) {
        if (isSupported(terms, place)) {
          ofTwoOrMore.add(mask(terms, place));
        }
      }
    }
  }

  /** Adds the weight to each set of {@code terms} bits of the mask whose parents are supported. */
  private void count(int chosen, int place, long remaining, int terms, Weight weight) {
    if (chosen == terms) {
      selected[terms][place] += weight.selected();
      baseline[terms][place] += weight.baseline();
      return;
    }
    for (long rest = remaining; rest != 0; rest &= rest - 1) {
      int larger = (place << DIGIT) | Long.numberOfTrailingZeros(rest);
      boolean goesOn =
          chosen + 1 == terms ? hasParents(terms, larger) : isSupported(chosen + 1, larger);
      if (goesOn) {
        count(chosen + 1, larger, rest & (rest - 1), terms, weight);
      }
    }
  }

  private boolean isSupported(int terms, int place) {
    return selected[terms][place] >= supportAtLeast;
  }

  /** Whether each set with one term fewer is supported. */
  private boolean hasParents(int terms, int place) {
    for (int digit = 0; terms > 1 && digit < terms; digit++) {
      int below = place & ((1 << (DIGIT * digit)) - 1);
      int above = (place >> (DIGIT * (digit + 1))) << (DIGIT * digit);
      if (!isSupported(terms - 1, above | below)) {
        return false;
      }
    }
    return true;
  }

  private static long mask(int terms, int place) {
    long mask = 0;
    for (int digit = 0; digit < terms; digit++) {
      mask |= 1L << ((place >> (DIGIT * digit)) & ((1 << DIGIT) - 1));
    }
    return mask;
  }

  private static int place(long mask) {
    int place = 0;
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      place = (place << DIGIT) | Long.numberOfTrailingZeros(rest);
    }
    return place;
  }

  int tested() {
    return ofTwoOrMore.size();
  }

  /** The conjunctions that are significant themselves and within each of their parents. */
  List<Counted> telling(double level) {
    List<Counted> telling = new ArrayList<>();
    for (long mask : ofTwoOrMore) {
      ContingencyTable table = Tested.table(weight(mask), total);
      if (table.pValue() <= level && addsToEachParent(mask, level)) {
        telling.add(new Counted(mask, table));
      }
    }
    return telling;
  }

  private Weight weight(long mask) {
    int terms = Long.bitCount(mask);
    return terms == 0
        ? total
        : new Weight(selected[terms][place(mask)], baseline[terms][place(mask)]);
  }

  private boolean addsToEachParent(long mask, double level) {
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      Weight parent = weight(mask & ~Long.lowestOneBit(rest));
      if (Tested.table(weight(mask), parent).pValue() > level) {
        return false;
      }
    }
    return true;
  }

  /**
   * 1 when the events are selected only where all terms hold, less when what remains without a term
   * is selected as well: then the term is too specific and the parent is the better answer.
   */
  double specificity(long mask) {
    double specificity = 1;
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      Weight parent = weight(mask & ~Long.lowestOneBit(rest));
      ContingencyTable siblings = Tested.table(weight(mask), parent);
      double outside = Tested.table(parent, total).restRate();
      double height = siblings.rate() - outside;
      double up = height <= 0 ? 1 : (siblings.restRate() - outside) / height;
      double exclusive = 1 - 0.5 * Math.clamp(up, 0, 1);
      specificity *= exclusive * exclusive;
    }
    return specificity;
  }
}
