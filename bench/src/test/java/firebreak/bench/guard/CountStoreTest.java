package firebreak.bench.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Relation;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountStoreTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:07Z");
  private static final List<String> DATASETS = List.of("service");
  private static final Filter BAD =
      Filter.not(new Filter.Compare("status_code", Relation.LESS, Value.of(500)));
  private static final Filter CUSTOMER = Filter.equal("customer_id", Value.of("c1"));

  /** The same counts in the laboratory's store and in the definition. */
  private record Both(EventStore counts, EventStore definition, Chance chance) {
    static Both of(long seed) {
      Both both = new Both(new CountStore(), EventStore.inMemory(), new Chance(seed));
      List<FieldMap> kinds = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        FieldMap.Builder kind = new FieldMap.Builder();
        kind.put("status_code", Value.of(both.chance.happens(0.5) ? 200 : 503));
        if (both.chance.happens(0.8)) {
          kind.put("customer_id", Value.of("c" + both.chance.below(3)));
        }
        kinds.add(kind.build());
      }
      Instant time = START;
      for (int tick = 0; tick < 20; tick++) {
        List<Event> rows = new ArrayList<>();
        for (int i = both.chance.below(8); i > 0; i--) {
          FieldMap kind = kinds.get(both.chance.below(kinds.size()));
          rows.add(new Event(time, 1 + both.chance.below(50), kind));
        }
        both.counts.append("service", rows);
        both.definition.append("service", rows);
        time = time.plusSeconds(both.chance.below(25));
      }
      return both;
    }

    TimeRange range() {
      Instant from = START.plusSeconds(chance.below(200));
      return new TimeRange(from, from.plusSeconds(1 + chance.below(200)));
    }
  }

  private static Map<List<Value>, Object> rows(QueryResult result) {
    Map<List<Value>, Object> rows = new HashMap<>();
    result.rows().forEach(row -> rows.put(row.group(), List.of(row.cells(), row.series())));
    return rows;
  }

  private static List<Event> scan(EventStore store, TimeRange range, Filter filter, int most) {
    List<Event> seen = new ArrayList<>();
    store.scan(
        DATASETS,
        range,
        filter,
        List.of("customer_id"),
        event -> seen.add(event) && seen.size() < most);
    return seen;
  }

  @Test
  void whatIsAskedOfCountsIsAnsweredAsTheStoreInMemoryDoes() {
    for (int seed = 0; seed < 300; seed++) {
      Both both = Both.of(seed);
      Query query =
          Query.of("service", both.range(), CUSTOMER, Calculation.count(), Calculation.count(BAD))
              .withGranularity(Duration.ofSeconds(10L * both.chance.below(3)));
      query = both.chance.happens(0.5) ? query.groupedBy("customer_id", "build_id") : query;
      QueryResult expected = both.definition.query(query);
      assertEquals(rows(expected), rows(both.counts.query(query)), "seed " + seed);
      assertEquals(
          expected.total().cells(), both.counts.query(query).total().cells(), "seed " + seed);
      Selection selection = new Selection(DATASETS, both.range(), Filter.ALL, BAD);
      assertEquals(
          both.definition.contrast(selection), both.counts.contrast(selection), "seed " + seed);
      assertEquals(
          both.definition.patterns(selection, List.of(CUSTOMER, BAD)),
          both.counts.patterns(selection, List.of(CUSTOMER, BAD)),
          "seed " + seed);
      TimeRange range = both.range();
      assertEquals(scan(both.definition, range, BAD, 9), scan(both.counts, range, BAD, 9));
      assertEquals(both.definition.fields("service"), both.counts.fields("service"));
    }
  }

  @Test
  void whatIsNoCountIsRefused() {
    Both both = Both.of(1);
    Query distinct =
        Query.of(
            "service",
            both.range(),
            Filter.ALL,
            Calculation.of(Calculation.Operation.COUNT_DISTINCT, "customer_id"));
    assertThrows(IllegalArgumentException.class, () -> both.counts.query(distinct));
    List<Event> earlier = List.of(new Event(START.minusSeconds(1), 1, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> both.counts.append("service", earlier));
  }
}
