package firebreak.bubbleup;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Events in a list, each question answered by looking at all of them. */
final class InMemoryEvents implements EventStore {
  private final Map<String, List<Event>> datasets = new TreeMap<>();

  @Override
  public void append(String dataset, List<Event> events) {
    datasets.computeIfAbsent(dataset, _ -> new ArrayList<>()).addAll(events);
  }

  private List<Event> events(List<String> names, TimeRange range, Filter filter) {
    return names.stream()
        .flatMap(name -> datasets.getOrDefault(name, List.of()).stream())
        .filter(event -> range.contains(event.time()) && filter.matches(event))
        .sorted(Comparator.comparing(Event::time))
        .toList();
  }

  @Override
  public QueryResult query(Query query) {
    throw new UnsupportedOperationException("not asked here");
  }

  private static Weight plus(Weight a, Weight b) {
    return new Weight(a.selected() + b.selected(), a.baseline() + b.baseline());
  }

  private static Weight weight(Selection selection, Event event) {
    return selection.selected().matches(event)
        ? new Weight(event.sampleRate(), 0)
        : new Weight(0, event.sampleRate());
  }

  @Override
  public Contrast contrast(Selection selection) {
    List<Event> within = events(selection.datasets(), selection.range(), selection.within());
    TreeSet<String> names = new TreeSet<>();
    within.forEach(event -> names.addAll(event.fields().keySet()));
    Weight total = new Weight(0, 0);
    Map<String, Map<@Nullable Value, Weight>> fields = new LinkedHashMap<>();
    for (Event event : within) {
      Weight weight = weight(selection, event);
      total = plus(total, weight);
      for (String name : names) {
        fields
            .computeIfAbsent(name, _ -> new HashMap<>())
            .merge(event.field(name), weight, InMemoryEvents::plus);
      }
    }
    return new Contrast(total, fields);
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    Map<Long, Weight> patterns = new HashMap<>();
    for (Event event : events(selection.datasets(), selection.range(), selection.within())) {
      long mask = 0;
      for (int i = 0; i < terms.size(); i++) {
        mask |= terms.get(i).matches(event) ? 1L << i : 0;
      }
      patterns.merge(mask, weight(selection, event), InMemoryEvents::plus);
    }
    return patterns.entrySet().stream().map(e -> new Pattern(e.getKey(), e.getValue())).toList();
  }

  @Override
  public void scan(
      List<String> names, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    for (Event event : events(names, range, filter)) {
      if (!visitor.visit(event)) {
        return;
      }
    }
  }

  @Override
  public SortedMap<String, Long> datasets() {
    SortedMap<String, Long> sizes = new TreeMap<>();
    datasets.forEach((name, events) -> sizes.put(name, (long) events.size()));
    return sizes;
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void onAppend(AppendListener listener) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void close() {}
}
