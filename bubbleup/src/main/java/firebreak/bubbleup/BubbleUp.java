package firebreak.bubbleup;

import firebreak.bubbleup.Conjunctions.Counted;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Says what selected events share that the rest do not.
 *
 * <p>Significance decides what is listed at all; evidence, lowered where a parent would do as well,
 * decides the order. The fields by which the events were selected explain nothing and are left out.
 */
public final class BubbleUp {
  public static final int MAX_TERMS = 3;

  /** A conjunction of fewer selected events than this explains too little to be worth a line. */
  private static final long SELECTED_AT_LEAST = 5;

  private static final double SHARE_AT_LEAST = 0.01;
  private static final int LISTED = 50;

  private final EventStore store;

  public BubbleUp(EventStore store) {
    this.store = store;
  }

  /** Tests every field alone and conjunctions of up to {@code maxTerms} values. */
  public Explanation explain(Selection selection, int maxTerms) {
    if (maxTerms < 1 || maxTerms > MAX_TERMS) {
      throw new IllegalArgumentException(
          "terms must lie between 1 and %d, were %d".formatted(MAX_TERMS, maxTerms));
    }
    Contrast contrast = store.contrast(selection);
    SingleFields singles = new SingleFields(contrast, FieldsOfFilter.of(selection.selected()));
    Weight total = contrast.total();
    if (total.selected() == 0 || total.baseline() == 0) {
      return new Explanation(
          total.selected(), total.baseline(), singles.fields(), List.of(), List.of(), List.of());
    }
    List<Cause> single = new ArrayList<>();
    for (Tested tested : singles.elevated()) {
      if (single.size() < LISTED && singles.isSignificant(tested.table())) {
        single.add(
            new Cause(
                List.of(tested.term()),
                tested.table(),
                tested.table().evidence(),
                singles.adjusted(tested.table().pValue()),
                total));
      }
    }
    List<Cause> combined =
        maxTerms == 1 ? List.of() : combined(selection, singles, total.selected(), maxTerms);
    List<Cause> causes = new ArrayList<>(single);
    causes.addAll(combined);
    return new Explanation(
        total.selected(),
        total.baseline(),
        singles.fields(),
        singles.differences(),
        listed(combined),
        listed(causes));
  }

  private List<Cause> combined(
      Selection selection, SingleFields singles, long selected, int maxTerms) {
    double support = Math.max(SELECTED_AT_LEAST, SHARE_AT_LEAST * selected);
    List<Tested> chosen = Candidates.choose(singles.elevated(), support);
    List<Pattern> patterns =
        store.patterns(selection, chosen.stream().map(tested -> tested.term().filter()).toList());
    Weight total = total(patterns);
    List<Pattern> distinct = Candidates.without(Candidates.aliases(chosen, patterns), patterns);
    Conjunctions conjunctions = new Conjunctions(distinct, total, maxTerms, support);
    int tests = Math.max(1, conjunctions.tested());
    List<Cause> causes = new ArrayList<>();
    for (Counted counted : conjunctions.telling(SingleFields.LEVEL / tests)) {
      causes.add(
          new Cause(
              terms(counted.mask(), chosen),
              counted.table(),
              counted.table().evidence() * conjunctions.specificity(counted.mask()),
              Math.min(1, counted.table().pValue() * tests),
              total));
    }
    return causes;
  }

  /** The total at the moment of this question: events go on coming in between two questions. */
  private static Weight total(List<Pattern> patterns) {
    return new Weight(
        patterns.stream().mapToLong(pattern -> pattern.weight().selected()).sum(),
        patterns.stream().mapToLong(pattern -> pattern.weight().baseline()).sum());
  }

  private static List<Term> terms(long mask, List<Tested> chosen) {
    List<Term> terms = new ArrayList<>();
    for (long rest = mask; rest != 0; rest &= rest - 1) {
      terms.add(chosen.get(Long.numberOfTrailingZeros(rest)).term());
    }
    return terms;
  }

  private static List<Conjunction> listed(List<Cause> causes) {
    return causes.stream().sorted(Cause.BEST_FIRST).limit(LISTED).map(Cause::conjunction).toList();
  }

  /** Terms that explain, and how well. */
  private record Cause(
      List<Term> terms, ContingencyTable table, double score, double pValue, Weight total) {
    static final Comparator<Cause> BEST_FIRST =
        Comparator.comparingDouble((Cause cause) -> -cause.score)
            .thenComparingInt(cause -> cause.terms.size())
            .thenComparing(cause -> cause.terms.toString());

    Conjunction conjunction() {
      return new Conjunction(
          terms,
          Shares.selected(table, total),
          Shares.baseline(table, total),
          table.excess(),
          pValue);
    }
  }
}
