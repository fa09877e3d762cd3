package firebreak.eventstore;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of a segment's candidates match a filter, as bits. A condition on text is tested once for
 * each different text, not for each event.
 */
final class SegmentFilter {
  private final Segment segment;
  private final FixedBitSet candidates;
  private final Map<Filter, FixedBitSet> known = new HashMap<>();

  SegmentFilter(Segment segment, FixedBitSet candidates) {
    this.segment = segment;
    this.candidates = candidates;
  }

  /** The candidates that match. Kept: not to be changed. */
  FixedBitSet matching(Filter filter) throws IOException {
    FixedBitSet bits = known.get(filter);
    if (bits == null) {
      bits = matching(filter, candidates);
      known.put(filter, bits);
    }
    return bits;
  }

  private FixedBitSet matching(Filter filter, FixedBitSet among) throws IOException {
    segment.deadline.check();
    return switch (filter) {
      case Filter.And(List<Filter> filters) -> {
        FixedBitSet left = among;
        for (Filter one : filters) {
          left = matching(one, left);
        }
        yield left;
      }
      case Filter.Or(List<Filter> filters) -> {
        FixedBitSet any = new FixedBitSet(among.length());
        for (Filter one : filters) {
          any.or(matching(one, among));
        }
        yield any;
      }
      case Filter.Not(Filter negated) -> {
        FixedBitSet rest = among.clone();
        rest.andNot(matching(negated, among));
        yield rest;
      }
      case Filter.Exists(String field) ->
          test(field, among, new Condition(_ -> true, null, _ -> true, _ -> true, _ -> true));
      case Filter.In in -> test(in.field(), among, condition(in));
      case Filter.Compare compare -> test(compare.field(), among, condition(compare));
      case Filter.Matches matches ->
          test(
              matches.field(),
              among,
              new Condition(matches::holds, null, _ -> false, _ -> false, _ -> false));
    };
  }

  /**
   * A condition on one field by the type of its value; numbers as they lie in the index.
   *
   * @param texts the only texts that pass, where it is known which they are
   */
  private record Condition(
      Predicate<String> text,
      @Nullable List<BytesRef> texts,
      LongPredicate whole,
      LongPredicate real,
      LongPredicate truth) {}

  private static Condition condition(Filter.In in) {
    return new Condition(
        text -> in.values().contains(Value.of(text)),
        in.values().stream()
            .flatMap(
                value ->
                    value instanceof Value.Text(String text) ? Stream.of(text) : Stream.empty())
            .map(BytesRef::new)
            .toList(),
        anyOf(in.values().stream().flatMapToLong(SegmentFilter::wholes).toArray()),
        anyOf(in.values().stream().flatMapToLong(SegmentFilter::reals).toArray()),
        truth -> in.values().contains(Value.of(truth != 0)));
  }

  private static LongStream wholes(Value value) {
    return value instanceof Value.Whole(long number) ? LongStream.of(number) : LongStream.empty();
  }

  private static LongStream reals(Value value) {
    return value instanceof Value.Real(double number)
        ? LongStream.of(Double.doubleToRawLongBits(number))
        : LongStream.empty();
  }

  private static LongPredicate anyOf(long[] numbers) {
    Arrays.sort(numbers);
    return number -> Arrays.binarySearch(numbers, number) >= 0;
  }

  private static Condition condition(Filter.Compare compare) {
    Relation relation = compare.relation();
    Value bound = compare.bound();
    double real = bound.asDouble();
    LongPredicate whole =
        bound instanceof Value.Whole(long exact)
            ? number -> relation.holds(Long.compare(number, exact))
            : number -> bound.isNumber() && relation.holds(Double.compare((double) number, real));
    return new Condition(
        text -> compare.holds(Value.of(text)),
        null,
        whole,
        bits ->
            bound.isNumber() && relation.holds(Double.compare(Double.longBitsToDouble(bits), real)),
        _ -> false);
  }

  private FixedBitSet test(String field, FixedBitSet among, Condition condition)
      throws IOException {
    FixedBitSet found = new FixedBitSet(among.length());
    for (Map.Entry<Columns.Type, String> column : segment.columns(field).entrySet()) {
      String name = column.getValue();
      switch (column.getKey()) {
        case TEXT -> testText(name, among, condition, found);
        case LONG_TEXT -> testLongText(name, among, condition.text(), found);
        case WHOLE -> testNumbers(name, among, condition.whole(), found);
        case REAL -> testNumbers(name, among, condition.real(), found);
        case TRUTH -> testNumbers(name, among, condition.truth(), found);
      }
    }
    return found;
  }

  private void testNumbers(
      String column, FixedBitSet among, LongPredicate condition, FixedBitSet found)
      throws IOException {
    NumericDocValues numbers = DocValues.getNumeric(segment.reader, column);
    for (int doc = numbers.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = numbers.nextDoc()) {
      if (among.get(doc) && condition.test(numbers.longValue())) {
        found.set(doc);
      }
    }
  }

  private void testText(String column, FixedBitSet among, Condition condition, FixedBitSet found)
      throws IOException {
    SortedDocValues texts = DocValues.getSorted(segment.reader, column);
    FixedBitSet holds = holding(texts, condition);
    if (holds.scanIsEmpty()) {
      return;
    }
    for (int doc = texts.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = texts.nextDoc()) {
      if (among.get(doc) && holds.get(texts.ordValue())) {
        found.set(doc);
      }
    }
  }

  /** The ordinals of the texts that pass. */
  private static FixedBitSet holding(SortedDocValues texts, Condition condition)
      throws IOException {
    FixedBitSet holds = new FixedBitSet(texts.getValueCount());
    if (condition.texts() != null) {
      for (BytesRef text : condition.texts()) {
        int ordinal = texts.lookupTerm(text);
        if (ordinal >= 0) {
          holds.set(ordinal);
        }
      }
      return holds;
    }
    TermsEnum terms = texts.termsEnum();
    for (BytesRef term = terms.next(); term != null; term = terms.next()) {
      if (condition.text().test(term.utf8ToString())) {
        holds.set((int) terms.ord());
      }
    }
    return holds;
  }

  private void testLongText(
      String column, FixedBitSet among, Predicate<String> condition, FixedBitSet found)
      throws IOException {
    BinaryDocValues texts = DocValues.getBinary(segment.reader, column);
    for (int doc = texts.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = texts.nextDoc()) {
      if (among.get(doc) && condition.test(texts.binaryValue().utf8ToString())) {
        found.set(doc);
      }
    }
  }
}
