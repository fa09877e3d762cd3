package firebreak.bench.guard;

import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts of one dataset in the order of their time, of which many have the very same fields: what a
 * question asks of fields is found out once for all that share them. Each answer is that of the
 * store in memory, which is the definition; what nobody in the laboratory asks is refused.
 */
final class CountStore implements EventStore {
  /** The events of which each kind has the fields; they also tell what fields there are. */
  private final EventStore known = EventStore.inMemory();

  private final Map<FieldMap, Integer> numbers = new IdentityHashMap<>();
  private final List<Event> kinds = new ArrayList<>();
  private final List<Event> rows = new ArrayList<>();
  private int[] kindOf = new int[1024];

  /** The rows of a range, from one to before another. */
  private record Rows(int from, int to) {}

  @Override
  public Durability append(String dataset, List<Event> events, @Nullable BatchKey key) {
    for (Event event : events) {
      if (!rows.isEmpty() && event.time().isBefore(rows.getLast().time())) {
        throw new IllegalArgumentException("counts come in the order of their time, was " + event);
      }
      if (rows.size() == kindOf.length) {
        kindOf = Arrays.copyOf(kindOf, 2 * kindOf.length);
      }
      kindOf[rows.size()] = numbers.computeIfAbsent(event.fieldMap(), _ -> known(dataset, event));
      rows.add(event);
    }
    return Durability.DURABLE;
  }

  private int known(String dataset, Event event) {
    known.append(dataset, List.of(event));
    kinds.add(event);
    return kinds.size() - 1;
  }

  private Rows in(List<String> datasets, TimeRange range) {
    if (!datasets.equals(List.copyOf(known.datasets().keySet())) && !rows.isEmpty()) {
      throw new IllegalArgumentException("all counts are of one dataset, asked of " + datasets);
    }
    return new Rows(firstFrom(range.start()), firstFrom(range.end()));
  }

  private int firstFrom(Instant time) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows.get(middle).time().isBefore(time)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public QueryResult query(Query query) {
    Rows asked = in(query.datasets(), query.range());
    CountAnswer answer = new CountAnswer(query, kinds);
    for (int row = asked.from; row < asked.to; row++) {
      answer.add(rows.get(row), kindOf[row]);
    }
    return answer.result(asked.to - asked.from);
  }

  /** The counts of the range as one event for each kind. */
  private EventStore merged(Selection selection) {
    Rows asked = in(selection.datasets(), selection.range());
    int[] counts = new int[kinds.size()];
    for (int row = asked.from; row < asked.to; row++) {
      counts[kindOf[row]] = Math.addExact(counts[kindOf[row]], rows.get(row).sampleRate());
    }
    List<Event> events = new ArrayList<>();
    for (int kind = 0; kind < counts.length; kind++) {
      if (counts[kind] > 0) {
        events.add(new Event(selection.range().start(), counts[kind], kinds.get(kind).fieldMap()));
      }
    }
    EventStore merged = EventStore.inMemory();
    merged.append(selection.datasets().getFirst(), events);
    return merged;
  }

  @Override
  public Contrast contrast(Selection selection) {
    try (EventStore merged = merged(selection)) {
      return merged.contrast(selection);
    }
  }

  @Override
  public List<Pattern> patterns(Selection selection, List<Filter> terms) {
    try (EventStore merged = merged(selection)) {
      return merged.patterns(selection, terms);
    }
  }

  @Override
  public void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor) {
    Rows asked = in(datasets, range);
    @Nullable FieldMap[] named = new FieldMap[kinds.size()];
    boolean[] isSeen = new boolean[kinds.size()];
    for (int row = asked.from; row < asked.to; row++) {
      int kind = kindOf[row];
      if (!isSeen[kind]) {
        isSeen[kind] = true;
        named[kind] = filter.matches(kinds.get(kind)) ? only(kinds.get(kind), fields) : null;
      }
      FieldMap shown = named[kind];
      Event event = rows.get(row);
      if (shown != null && !visitor.visit(new Event(event.time(), event.sampleRate(), shown))) {
        return;
      }
    }
  }

  private static FieldMap only(Event event, List<String> fields) {
    Map<String, Value> named = new LinkedHashMap<>(event.fields());
    if (!fields.isEmpty()) {
      named.keySet().retainAll(fields);
    }
    return new Event(event.time(), 1, named).fieldMap();
  }

  @Override
  public SortedMap<String, Long> datasets() {
    return known.datasets();
  }

  @Override
  public SortedMap<String, FieldType> fields(String dataset) {
    return known.fields(dataset);
  }

  @Override
  public void onAppend(AppendListener listener) {
    throw new IllegalStateException("nobody in the laboratory listens to the counts");
  }

  @Override
  public void close() {
    known.close();
  }
}
