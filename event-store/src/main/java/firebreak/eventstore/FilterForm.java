package firebreak.eventstore;

import firebreak.eventstore.Filter.And;
import firebreak.eventstore.Filter.In;
import firebreak.eventstore.Filter.InTrace;
import firebreak.eventstore.Filter.Not;
import firebreak.eventstore.Filter.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How filters that mean the same are brought into one form. */
final class FilterForm {
  private static final Filter NONE = new Or(List.of());

  private FilterForm() {}

  static Set<String> fields(List<Filter> filters) {
    return filters.stream()
        .flatMap(filter -> Filter.fields(filter).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  static Filter canonical(Filter filter) {
    return switch (filter) {
      case And and -> {
        List<Filter> parts = new ArrayList<>();
        for (Filter part : and.filters()) {
          Filter form = canonical(part);
          parts.addAll(form instanceof And inner ? inner.filters() : List.of(form));
        }
        List<Filter> sorted = sorted(parts);
        yield sorted.contains(NONE) ? NONE : sorted.size() == 1 ? sorted.get(0) : new And(sorted);
      }
      case Or or -> {
        List<Filter> parts = new ArrayList<>();
        for (Filter part : or.filters()) {
          Filter form = canonical(part);
          parts.addAll(form instanceof Or inner ? inner.filters() : List.of(form));
        }
        List<Filter> sorted = sorted(parts);
        yield sorted.contains(Filter.ALL)
            ? Filter.ALL
            : sorted.size() == 1 ? sorted.get(0) : new Or(sorted);
      }
      case Not not -> negated(canonical(not.filter()));
      case InTrace trace -> {
        Filter form = canonical(trace.filter());
        yield form.equals(NONE) ? NONE : new InTrace(form);
      }
      case In in -> in.values().isEmpty() ? NONE : in;
      case Filter.Exists _, Filter.Compare _, Filter.Matches _, Filter.During _ -> filter;
    };
  }

  private static Filter negated(Filter form) {
    if (form.equals(NONE)) {
      return Filter.ALL;
    }
    if (form.equals(Filter.ALL)) {
      return NONE;
    }
    return form instanceof Not(Filter inner) ? inner : new Not(form);
  }

  private static List<Filter> sorted(List<Filter> filters) {
    TreeMap<String, Filter> byText = new TreeMap<>();
    filters.forEach(filter -> byText.put(text(filter), filter));
    return List.copyOf(byText.values());
  }

  /** A text that is the same for equal filters, which that of a set of values is not by itself. */
  private static String text(Filter filter) {
    return switch (filter) {
      case And and -> and.filters().stream().map(FilterForm::text).toList().toString();
      case Or or -> "or" + or.filters().stream().map(FilterForm::text).toList();
      case Not not -> "not " + text(not.filter());
      case InTrace trace -> "trace " + text(trace.filter());
      case In in -> {
        TreeSet<String> values = new TreeSet<>();
        in.values().forEach(value -> values.add(quoted(value)));
        yield quoted(Value.of(in.field())) + " in " + values;
      }
      case Filter.Exists _, Filter.Compare _, Filter.Matches _, Filter.During _ ->
          filter.toString().length() + filter.toString();
    };
  }

  /** Length first, so that no text can be taken for the end of one and the start of another. */
  private static String quoted(Value value) {
    return value.toString().length() + value.toString();
  }
}
