package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the metrics of one scope into events, laid out as Honeycomb lays them out: data points of
 * the same attributes and the same second share an event, a field (or several, see {@link
 * MetricFields}) for each metric. The event has the time of its first point.
 *
 * <p>A second point of the same metric for the same event begins another one, so that none is lost;
 * so do points beyond the fields that an event may have. A point that says it has no value, as the
 * last of a series that ended, makes no event. Exemplars are not kept.
 */
final class OtlpMetrics {
  private final Instant now;
  private final FieldMap shared;
  private final Map<Key, Series> series = new HashMap<>();
  private final List<Row> inOrder = new ArrayList<>();

  private record Key(long second, Map<String, Value> attributes) {}

  /** An event in the making; the metrics win over attributes of the same name. */
  private record Row(Instant time, Map<String, Value> attributes, Map<String, Value> metrics) {
    boolean hasRoomFor(Map<String, Value> more) {
      return attributes.size() + metrics.size() + more.size() <= Limits.FIELDS_PER_EVENT
          && more.keySet().stream().noneMatch(metrics::containsKey);
    }

    Event event() {
      Map<String, Value> all = new HashMap<>(attributes);
      all.putAll(metrics);
      return new Event(time, 1, all);
    }
  }

  /**
   * The events of one second and the same attributes.
   *
   * @param next for each metric, behind the last row that has it: the search begins there, or many
   *     points of one metric would each look through the rows of all before them
   */
  private record Series(List<Row> rows, Map<String, Integer> next) {}

  /**
   * Makes the events of one scope.
   *
   * @param shared the fields of the resource and the scope
   */
  OtlpMetrics(Instant now, FieldMap shared) {
    this.now = now;
    this.shared = shared;
  }

  /** Takes a point; throws IllegalArgumentException for one that makes no sense. */
  void add(MetricPoint point) {
    if (point.hasNoValue()) {
      return;
    }
    Instant time = OtlpSpans.time(point.timeUnixNano(), now);
    Fields figures = new Fields();
    point.fields().get().forEach(figures::put);
    Fields attributes = new Fields();
    shared.forEach(attributes::put);
    OtlpAttributes.put(attributes, point.attributes());
    attributes.put("meta.signal_type", Value.of("metric"));
    for (Fields fields : List.of(figures, attributes)) {
      if (!fields.problem().isEmpty()) {
        throw new IllegalArgumentException(fields.problem());
      }
    }
    if (!figures.values().isEmpty()) {
      row(point.metric(), time, attributes.values(), figures.values())
          .metrics()
          .putAll(figures.values());
    }
  }

  private Row row(
      String metric, Instant time, Map<String, Value> attributes, Map<String, Value> figures) {
    Series same =
        series.computeIfAbsent(
            new Key(time.getEpochSecond(), attributes),
            _ -> new Series(new ArrayList<>(), new HashMap<>()));
    int at = same.next().getOrDefault(metric, 0);
    while (at < same.rows().size() && !same.rows().get(at).hasRoomFor(figures)) {
      at++;
    }
    if (at == same.rows().size()) {
      Row row = new Row(time, attributes, new HashMap<>());
      if (!row.hasRoomFor(figures)) {
        throw new IllegalArgumentException(
            "an event may have %d fields".formatted(Limits.FIELDS_PER_EVENT));
      }
      same.rows().add(row);
      inOrder.add(row);
    }
    same.next().put(metric, at + 1);
    return same.rows().get(at);
  }

  /** The events, in the order of their first points. */
  List<Event> events() {
    return inOrder.stream().map(Row::event).toList();
  }
}
