package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FilterFormTest {
  private static final Filter A = Filter.equal("host", "a");
  private static final Filter B = new Filter.Exists("b");
  private static final Filter C = new Filter.Compare("ms", Relation.LESS, Value.of(3));

  private static void assertSame(Filter expected, Filter filter) {
    assertEquals(expected, Filter.canonical(filter));
  }

  @Test
  void nestingOrderAndRepetitionMakeNoDifference() {
    Filter all = Filter.canonical(Filter.and(A, B, C));
    assertSame(all, Filter.and(C, Filter.and(B, Filter.and(), A), C));
    assertSame(all, Filter.and(Filter.or(B, B), A, Filter.not(Filter.not(C)), Filter.ALL));
    Filter some = Filter.canonical(Filter.or(A, B, C));
    assertSame(some, Filter.or(C, Filter.or(B, Filter.or(), A), C));
    assertSame(A, Filter.and(Filter.or(A)));
    assertSame(new Filter.InTrace(A), new Filter.InTrace(Filter.and(A, A)));
  }

  @Test
  void whatAlwaysOrNeverHoldsIsSaidInOneWay() {
    Filter none = Filter.or();
    assertSame(Filter.ALL, Filter.or(A, Filter.not(none)));
    assertSame(none, Filter.and(A, Filter.not(Filter.ALL)));
    assertSame(none, new Filter.In("host", Set.of()));
    assertSame(none, new Filter.InTrace(new Filter.In("host", Set.of())));
    assertSame(new Filter.InTrace(Filter.ALL), new Filter.InTrace(Filter.and()));
  }

  @Test
  void whatMeansSomethingElseStaysDifferent() {
    List<Filter> filters =
        List.of(
            A,
            Filter.not(A),
            Filter.equal("host", "b"),
            Filter.equal("hos", "ta"),
            new Filter.In("host", Set.of(Value.of("a"), Value.of("b"))),
            new Filter.In("host", Set.of(Value.of("a], Text[text=b"))),
            Filter.equal("n", Value.of(1)),
            Filter.equal("n", "1"),
            Filter.and(A, B),
            Filter.or(A, B),
            Filter.and(A, Filter.or(B, C)),
            Filter.or(Filter.and(A, B), C),
            Filter.and(new Filter.InTrace(A), new Filter.InTrace(B)),
            new Filter.InTrace(Filter.and(A, B)),
            new Filter.Compare("ms", Relation.LESS_OR_EQUAL, Value.of(3)),
            C);
    Set<Filter> forms = new HashSet<>();
    filters.forEach(filter -> forms.add(Filter.canonical(filter)));
    assertEquals(filters.size(), forms.size());
  }

  @Test
  void valuesHaveNoOrder() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      List<Value> one = new ArrayList<>();
      List<Value> other = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        one.add(Value.of(random.nextInt(1_000)));
        other.add(Value.of("v" + random.nextInt(1_000)));
      }
      Filter filter = Filter.and(in(one), in(other), in(one.subList(0, 6)));
      Collections.shuffle(one.subList(0, 6), random);
      Collections.shuffle(other, random);
      Filter shuffled = Filter.and(in(one.reversed()), in(one.subList(0, 6)), in(other));
      assertEquals(Filter.canonical(filter), Filter.canonical(shuffled), "seed " + seed);
    }
  }

  private static Filter in(List<Value> values) {
    return new Filter.In("x", new LinkedHashSet<>(values));
  }
}
