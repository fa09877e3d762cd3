package firebreak.bubbleup;

import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts every conjunction of up to three terms that occurs, and keeps those that tell more than
 * each of their parts.
 *
 * <p>A conjunction is reached through its parents (Agrawal and Srikant's apriori): those with too
 * few selected events are not extended. It is kept only if, for each term left out, it stands out
 * among the events of what remains.
 */
final class Conjunctions {

  /** A set of terms, as bits, and its table against all other events. */
  record Counted(long mask, ContingencyTable table) {}

  private final Map<Long, Weight> counts = new HashMap<>();
  private final List<Long> ofTwoOrMore = new ArrayList<>();
  private final Weight total;

  Conjunctions(List<Pattern> patterns, Weight total, int maxTerms, double supportAtLeast) {
    this.total = total;
    count(patterns, 1, supportAtLeast);
    for (int terms = 2; terms <= maxTerms; terms++) {
      ofTwoOrMore.addAll(count(patterns, terms, supportAtLeast));
    }
  }

  /** Counts the sets of so many terms whose subsets were all counted, and returns them. */
  private List<Long> count(List<Pattern> patterns, int terms, double supportAtLeast) {
    Map<Long, long[]> found = new HashMap<>();
    for (Pattern pattern : patterns) {
      extend(0, pattern.mask(), terms, pattern.weight(), found);
    }
    List<Long> kept = new ArrayList<>();
    found.forEach(
        (mask, weight) -> {
          if (weight[0] >= supportAtLeast) {
            counts.put(mask, new Weight(weight[0], weight[1]));
            kept.add(mask);
          }
        });
    return kept;
  }

  private void extend(long set, long remaining, int terms, Weight weight, Map<Long, long[]> found) {
    if (terms == 0) {
      long[] sum = found.computeIfAbsent(set, _ -> new long[2]);
      sum[0] += weight.selected();
      sum[1] += weight.baseline();
      return;
    }
    for (long rest = remaining; rest != 0; rest &= rest - 1) {
      long bit = Long.lowestOneBit(rest);
      long larger = set | bit;
      if (terms == 1 ? hasAllParents(larger) : counts.containsKey(larger)) {
        extend(larger, rest & ~bit, terms - 1, weight, found);
      }
    }
  }

  private boolean hasAllParents(long set) {
    if (Long.bitCount(set) == 1) {
      return true;
    }
    for (long rest = set; rest != 0; rest &= rest - 1) {
      if (!counts.containsKey(set & ~Long.lowestOneBit(rest))) {
        return false;
      }
    }
    return true;
  }

  int tested() {
    return ofTwoOrMore.size();
  }

  /** The conjunctions that are significant themselves and within each of their parents. */
  List<Counted> telling(double level) {
    List<Counted> telling = new ArrayList<>();
    for (long mask : ofTwoOrMore) {
      Counted counted = counted(mask);
      if (counted.table.pValue() <= level && addsToEachParent(mask, level)) {
        telling.add(counted);
      }
    }
    return telling;
  }

  private Counted counted(long mask) {
    return new Counted(mask, Tested.table(weight(mask), total));
  }

  private Weight weight(long mask) {
    return mask == 0 ? total : counts.getOrDefault(mask, new Weight(0, 0));
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
    if (Long.bitCount(mask) < 2) {
      return 1;
    }
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
