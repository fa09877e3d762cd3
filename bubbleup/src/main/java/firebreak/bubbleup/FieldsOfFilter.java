package firebreak.bubbleup;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Selection;
import java.util.HashSet;
import java.util.Set;

/** The fields that a filter looks at. */
public final class FieldsOfFilter {
  private final Set<String> fields = new HashSet<>();

  private FieldsOfFilter() {}

  public static Set<String> of(Filter filter) {
    FieldsOfFilter found = new FieldsOfFilter();
    found.collect(filter);
    return Set.copyOf(found.fields);
  }

  /** The fields by which events were selected, those that derived columns are made of too. */
  static Set<String> ofSelected(Selection selection) {
    Set<String> fields = new HashSet<>(of(selection.selected()));
    selection
        .derived()
        .forEach(
            (alias, formula) -> {
              if (fields.contains(alias)) {
                fields.addAll(formula.fields());
              }
            });
    return Set.copyOf(fields);
  }

  /** Whether it depends on when an event was, apart from any field. */
  static boolean looksAtTime(Filter filter) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().anyMatch(FieldsOfFilter::looksAtTime);
      case Filter.Or or -> or.filters().stream().anyMatch(FieldsOfFilter::looksAtTime);
      case Filter.Not not -> looksAtTime(not.filter());
      case Filter.InTrace trace -> looksAtTime(trace.filter());
      case Filter.During _ -> true;
      case Filter.Exists _, Filter.In _, Filter.Compare _, Filter.Matches _ -> false;
    };
  }

  private void collect(Filter filter) {
    switch (filter) {
      case Filter.And and -> and.filters().forEach(this::collect);
      case Filter.Or or -> or.filters().forEach(this::collect);
      case Filter.Not not -> collect(not.filter());
      case Filter.InTrace trace -> collect(trace.filter());
      case Filter.Exists exists -> fields.add(exists.field());
      case Filter.In in -> fields.add(in.field());
      case Filter.Compare compare -> fields.add(compare.field());
      case Filter.Matches matches -> fields.add(matches.field());
      case Filter.During _ -> {}
    }
  }
}
