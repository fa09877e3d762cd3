package firebreak.bubbleup;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The terms that conjunctions are made of: the strongest, one of each set of equal covers. */
final class Candidates {

  /** The width of a pattern's mask. */
  static final int AT_MOST = 64;

  /** So many terms that every set of them has a place of its own where events are counted. */
  private static final int FEW = 14;

  private static final int PER_FIELD = 12;

  private Candidates() {}

  /**
   * Chooses terms by evidence, and by how many selected events have them where they are no evidence
   * now: such a term may still have become worse, or hide behind a stronger cause.
   */
  static List<Tested> choose(SingleFields singles, double supportAtLeast) {
    Map<String, Integer> chosenOfField = new HashMap<>();
    List<Tested> chosen = new ArrayList<>();
    for (Tested tested : singles.strongestFirst()) {
      if (chosen.size() == AT_MOST) {
        break;
      }
      if (tested.table().hits() >= supportAtLeast
          && chosenOfField.merge(tested.term().field(), 1, Integer::sum) <= PER_FIELD) {
        chosen.add(tested);
      }
    }
    return chosen;
  }

  /**
   * The bits of terms that match the same events as an earlier one: an alias says nothing more. The
   * earlier of equally strong terms is the one whose field comes first by name.
   */
  static long aliases(List<Tested> chosen, List<Pattern> patterns) {
    Map<ContingencyTable, Long> covers = new LinkedHashMap<>();
    for (int term = 0; term < chosen.size(); term++) {
      covers.merge(chosen.get(term).table(), 1L << term, (a, b) -> a | b);
    }
    long aliases = 0;
    for (long equal : covers.values()) {
      for (int first = 0; first < chosen.size(); first++) {
        if ((equal >> first & 1) == 1) {
          long same = sameEverywhere(first, equal, patterns);
          aliases |= same & ~(1L << first);
          equal &= ~same;
        }
      }
    }
    return aliases;
  }

  /**
   * The strongest few that say different things.
   *
   * @param patterns those of the selected events, by some of these terms: by those alone that could
   *     be aliases, since to look for patterns among many terms takes time
   */
  static List<Tested> distinct(
      List<Tested> chosen, Function<List<Tested>, List<Pattern>> patterns) {
    Map<ContingencyTable, Long> equal =
        chosen.stream().collect(groupingBy(Tested::table, counting()));
    List<Tested> alike =
        chosen.stream().filter(tested -> equal.getOrDefault(tested.table(), 0L) > 1).toList();
    Set<Term> aliases = new HashSet<>();
    if (!alike.isEmpty()) {
      long bits = aliases(alike, patterns.apply(alike));
      for (int term = 0; term < alike.size(); term++) {
        if ((bits >> term & 1) == 1) {
          aliases.add(alike.get(term).term());
        }
      }
    }
    return chosen.stream().filter(tested -> !aliases.contains(tested.term())).limit(FEW).toList();
  }

  /** Of the terms in {@code bits}, those that occur exactly where the term {@code first} does. */
  private static long sameEverywhere(int first, long bits, List<Pattern> patterns) {
    long same = bits;
    for (Pattern pattern : patterns) {
      boolean holds = (pattern.mask() >> first & 1) == 1;
      same &= holds ? pattern.mask() : ~pattern.mask();
    }
    return same | 1L << first;
  }

  /** The patterns without the given bits, those that became equal summed. */
  static List<Pattern> without(long bits, List<Pattern> patterns) {
    Map<Long, Weight> merged = new LinkedHashMap<>();
    for (Pattern pattern : patterns) {
      merged.merge(
          pattern.mask() & ~bits,
          pattern.weight(),
          (a, b) -> new Weight(a.selected() + b.selected(), a.baseline() + b.baseline()));
    }
    return merged.entrySet().stream()
        .map(entry -> new Pattern(entry.getKey(), entry.getValue()))
        .toList();
  }
}
