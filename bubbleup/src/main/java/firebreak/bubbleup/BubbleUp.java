package firebreak.bubbleup;

import firebreak.eventstore.EventStore;
import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.util.List;

/**
 * Says what selected events share that the rest do not.
 *
 * <p>Significance decides what is listed at all; evidence, lowered where a parent would do as well,
 * decides the order. The fields by which the events were selected explain nothing and are left out.
 */
public final class BubbleUp {
  public static final int MAX_TERMS = 3;

  /** How far back a slice is compared with itself, where the range is shorter. */
  static final Duration HISTORY_AT_LEAST = Duration.ofMinutes(10);

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
    SingleFields singles = new SingleFields(contrast, FieldsOfFilter.ofSelected(selection));
    Weight total = contrast.total();
    if (total.selected() == 0 || total.baseline() == 0) {
      return Explanation.nothing(total.selected(), total.baseline(), singles.fields());
    }
    List<Cause> causes = causes(selection, singles, total.selected(), maxTerms);
    return new Explanation(
        total.selected(),
        total.baseline(),
        singles.fields(),
        0,
        singles.differences(),
        listed(causes.stream().filter(cause -> cause.terms().size() > 1).toList()),
        listed(causes));
  }

  private List<Cause> causes(
      Selection selection, SingleFields singles, long selected, int maxTerms) {
    double support = Math.max(SELECTED_AT_LEAST, SHARE_AT_LEAST * selected);
    List<Tested> strongest = Candidates.choose(singles, support);
    List<Tested> chosen =
        Candidates.distinct(
            strongest, alike -> store.patterns(onlySelected(selection), filters(alike)));
    List<Filter> filters = filters(chosen);
    List<Pattern> patterns = store.patterns(selection, filters);
    long aliases = Candidates.aliases(chosen, patterns);
    Slices slices =
        new Slices(
            Candidates.without(aliases, patterns),
            Candidates.without(aliases, before(selection, filters)),
            maxTerms,
            support);
    List<Term> terms = chosen.stream().map(Tested::term).toList();
    return new Causes(slices, terms, singles).ranked();
  }

  /** The selected events alone: few, so that many terms of them are soon counted. */
  private static Selection onlySelected(Selection selection) {
    return new Selection(
        selection.datasets(),
        selection.range(),
        Filter.and(selection.within(), selection.selected()),
        selection.selected(),
        selection.derived());
  }

  private static List<Filter> filters(List<Tested> chosen) {
    return chosen.stream().map(tested -> tested.term().filter()).toList();
  }

  /**
   * The same patterns in the time before: as long as the range, ten minutes at least. A selection
   * of some moments only has no time before.
   */
  private List<Pattern> before(Selection selection, List<Filter> filters) {
    if (FieldsOfFilter.looksAtTime(selection.selected())) {
      return List.of();
    }
    TimeRange range = selection.range();
    Duration history =
        range.length().compareTo(HISTORY_AT_LEAST) < 0 ? HISTORY_AT_LEAST : range.length();
    Selection earlier =
        new Selection(
            selection.datasets(),
            TimeRange.before(range.start(), history),
            selection.within(),
            selection.selected(),
            selection.derived());
    return store.patterns(earlier, filters);
  }

  private static List<Conjunction> listed(List<Cause> causes) {
    return causes.stream().limit(LISTED).map(Cause::conjunction).toList();
  }
}
