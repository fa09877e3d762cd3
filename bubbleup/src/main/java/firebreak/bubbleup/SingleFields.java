package firebreak.bubbleup;

import static java.util.stream.Collectors.groupingBy;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Tests every value of every field by itself, and numbers by size.
 *
 * <p>Values too rare to be significant whatever they did, such as the ids of single events, are not
 * counted among the tests and cost the others nothing.
 */
final class SingleFields {

  /** The chance, over all that is tested, of listing anything when nothing differs. */
  static final double LEVEL = 0.01;

  private static final int VALUES_PER_FIELD = 5;

  /** A field of numbers is also looked at by size where they fall into this many bins. */
  private static final int MEASURE_BINS_AT_LEAST = 8;

  private final Weight total;
  private final List<Tested> terms = new ArrayList<>();
  private final List<Measured> measures = new ArrayList<>();
  private final List<Tested> significant;
  private final int fields;
  private final long tests;

  SingleFields(Contrast contrast, Set<String> excluded) {
    total = contrast.total();
    int tested = 0;
    for (Map.Entry<String, FieldContrast> field : contrast.fields().entrySet()) {
      if (!excluded.contains(field.getKey())) {
        tested++;
        count(field.getKey(), field.getValue());
      }
    }
    fields = tested;
    tests =
        MultipleTesting.tarone(
            DoubleStream.concat(
                    terms.stream().mapToDouble(term -> term.table().leastPValue()),
                    measures.stream().flatMapToDouble(Measured::leastPValues))
                .toArray(),
            LEVEL);
    terms.sort(Tested.STRONGEST_FIRST);
    significant =
        terms.stream()
            .filter(term -> term.table().isElevated() && isSignificant(term.table()))
            .toList();
  }

  private void count(String field, FieldContrast contrast) {
    contrast
        .values()
        .forEach(
            (value, weight) ->
                terms.add(new Tested(new Term(field, value), Tested.table(weight, total))));
    if (contrast.bins().size() >= MEASURE_BINS_AT_LEAST) {
      measures.add(new Measured(field, contrast.bins(), total));
    }
  }

  int fields() {
    return fields;
  }

  /** The terms that are significantly commoner among the selected, strongest first. */
  List<Tested> significant() {
    return significant;
  }

  /** All terms, significant or not; the last are those that are not commoner. */
  List<Tested> strongestFirst() {
    return terms;
  }

  double adjusted(double pValue) {
    return Math.min(1, pValue * tests);
  }

  private boolean isSignificant(ContingencyTable table) {
    return adjusted(table.pValue()) <= LEVEL;
  }

  /**
   * The fields that differ, strongest first. A field of numbers is listed by size when that tells
   * more than its best value does.
   */
  List<Difference> differences() {
    List<Strength> found = new ArrayList<>();
    Map<String, List<Tested>> byField =
        significant.stream().collect(groupingBy(term -> term.term().field()));
    for (Measured measure : measures) {
      ContingencyTable split = measure.best();
      List<Tested> values = byField.getOrDefault(measure.field(), List.of());
      double value = values.isEmpty() ? 0 : values.getFirst().evidence();
      if (isSignificant(split) && split.evidence() > value) {
        byField.remove(measure.field());
        found.add(
            new Strength(split.evidence(), measure.difference(adjusted(split.pValue()), total)));
      }
    }
    for (List<Tested> values : byField.values()) {
      values.stream().limit(VALUES_PER_FIELD).forEach(value -> found.add(strength(value)));
    }
    found.sort(
        Comparator.comparingDouble((Strength strength) -> -strength.evidence)
            .thenComparing(strength -> strength.difference.field()));
    return found.stream().map(Strength::difference).toList();
  }

  private Strength strength(Tested tested) {
    ContingencyTable table = tested.table();
    return new Strength(
        tested.evidence(),
        new Difference.Dimension(
            tested.term().field(),
            tested.term().value(),
            Shares.selected(table, total),
            Shares.baseline(table, total),
            table.rate(),
            table.restRate(),
            table.excess(),
            table.excessInterval(),
            adjusted(table.pValue())));
  }

  private record Strength(double evidence, Difference difference) {}
}
