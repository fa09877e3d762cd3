package firebreak.deploytracker;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads off the events which builds serve, where, since when and how much: what is, not what was
 * declared.
 */
public final class Sightings {
  /** How long before the range the first event of a build is looked for. */
  public static final Duration LOOK_BACK = Duration.ofDays(30);

  private final EventStore store;
  private final FieldRoles fields;

  public Sightings(EventStore store, FieldRoles fields) {
    this.store = store;
    this.fields = fields;
  }

  /** A build of a service in an environment. */
  private record Place(String service, String environment, String buildId) {}

  /**
   * All builds seen in the range.
   *
   * @param datasets to look in; what has no field for its service is of the service of its dataset
   */
  public List<Sighting> in(List<String> datasets, TimeRange range, Duration bucket) {
    List<Sighting> found = new ArrayList<>();
    for (String dataset : datasets) {
      Map<Place, SortedMap<Instant, Long>> counts = new HashMap<>();
      for (QueryResult.Row row : store.query(query(dataset, range, bucket)).rows()) {
        add(row, dataset, counts);
      }
      counts.forEach(
          (place, events) -> {
            if (!events.isEmpty()) {
              found.add(sighting(dataset, place, events, range, bucket));
            }
          });
    }
    return found;
  }

  private Query query(String dataset, TimeRange range, Duration bucket) {
    List<String> breakdowns = new ArrayList<>(fields.build());
    breakdowns.addAll(fields.environment());
    breakdowns.addAll(fields.service());
    return new Query(
        List.of(dataset),
        range,
        List.of(Calculation.count()),
        new Filter.Or(
            fields.build().stream().<Filter>map(field -> new Filter.Exists(field)).toList()),
        breakdowns,
        List.of(),
        List.of(),
        Limits.ROWS,
        bucket,
        Duration.ZERO);
  }

  private void add(
      QueryResult.Row row, String dataset, Map<Place, SortedMap<Instant, Long>> counts) {
    int builds = fields.build().size();
    int environments = builds + fields.environment().size();
    String service = first(row.group(), environments, row.group().size());
    Place place =
        new Place(
            service.isEmpty() ? dataset : service,
            first(row.group(), builds, environments),
            first(row.group(), 0, builds));
    SortedMap<Instant, Long> events = counts.computeIfAbsent(place, _ -> new TreeMap<>());
    for (QueryResult.Point point : row.series()) {
      long count = Math.round(point.cells().getFirst().number());
      if (count > 0) {
        events.merge(point.time(), count, Long::sum);
      }
    }
  }

  private static String first(List<@Nullable Value> group, int from, int to) {
    for (Value value : group.subList(from, to)) {
      if (value != null) {
        return value.display();
      }
    }
    return "";
  }

  private Sighting sighting(
      String dataset,
      Place place,
      SortedMap<Instant, Long> events,
      TimeRange range,
      Duration bucket) {
    Instant start = events.firstKey();
    // One that was there when the range began came before it.
    boolean isOlder = start.isBefore(range.start().plus(bucket));
    Instant from = isOlder ? range.start().minus(LOOK_BACK) : start;
    List<Filter> filters = new ArrayList<>();
    filters.add(FieldRoles.is(fields.build(), place.buildId()));
    if (!place.environment().isEmpty()) {
      filters.add(FieldRoles.is(fields.environment(), place.environment()));
    }
    Instant[] first = {from};
    store.scan(
        List.of(dataset),
        new TimeRange(from, start.plus(bucket)),
        new Filter.And(filters),
        fields.build(),
        event -> isFirst(event, first));
    return new Sighting(place.service(), place.environment(), place.buildId(), first[0], events);
  }

  private static boolean isFirst(Event event, Instant[] first) {
    first[0] = event.time();
    return false;
  }
}
