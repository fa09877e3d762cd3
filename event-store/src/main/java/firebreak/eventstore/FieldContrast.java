package firebreak.eventstore;

import firebreak.eventstore.EventStore.Weight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** The weight of every value of one field on both sides. */
final class FieldContrast {
  private final Dictionary dictionary = new Dictionary();
  private final SelectionPlan.Tally tally = new SelectionPlan.Tally();
  private final List<Texts> texts = new ArrayList<>();
  private int codes = 1;

  /** Adds a segment's events, given the weight of each by its document number. */
  void add(String field, SelectionPlan.Sides sides, long[] weights) throws IOException {
    for (Map.Entry<Columns.Type, String> column : sides.segment().columns(field).entrySet()) {
      sides.segment().deadline.check();
      switch (column.getKey()) {
        case TEXT -> addText(column.getValue(), sides, weights);
        case LONG_TEXT -> addLongText(column.getValue(), sides, weights);
        case WHOLE, REAL, TRUTH -> addNumbers(column, sides, weights);
      }
    }
  }

  private void addText(String column, SelectionPlan.Sides sides, long[] weights)
      throws IOException {
    SortedDocValues texts = DocValues.getSorted(sides.segment().reader, column);
    long[] selected = new long[texts.getValueCount()];
    long[] baseline = new long[texts.getValueCount()];
    FixedBitSet within = sides.within();
    for (int doc = texts.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = texts.nextDoc()) {
      if (within.get(doc)) {
        (sides.selected().get(doc) ? selected : baseline)[texts.ordValue()] += weights[doc];
      }
    }
    this.texts.add(new Texts(texts, selected, baseline));
  }

  /** A segment's texts and the weight of each by its ordinal. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Texts(SortedDocValues texts, long[] selected, long[] baseline) {
    long distinct() {
      return IntStream.range(0, selected.length).filter(this::occurs).count();
    }

    boolean occurs(int ordinal) {
      return selected[ordinal] > 0 || baseline[ordinal] > 0;
    }

    Value value(int ordinal) throws IOException {
      return Value.of(texts.lookupOrd(ordinal).utf8ToString());
    }

    Weight weight(int ordinal) {
      return new Weight(selected[ordinal], baseline[ordinal]);
    }
  }

  private void addLongText(String column, SelectionPlan.Sides sides, long[] weights)
      throws IOException {
    BinaryDocValues texts = DocValues.getBinary(sides.segment().reader, column);
    for (int doc = texts.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = texts.nextDoc()) {
      if (sides.within().get(doc)) {
        int code = dictionary.code(Value.of(texts.binaryValue().utf8ToString()));
        count(code, weights[doc], sides.selected().get(doc));
      }
    }
  }

  private void addNumbers(
      Map.Entry<Columns.Type, String> column, SelectionPlan.Sides sides, long[] weights)
      throws IOException {
    NumericDocValues numbers = DocValues.getNumeric(sides.segment().reader, column.getValue());
    FixedBitSet within = sides.within();
    for (int doc = numbers.nextDoc();
        doc != DocIdSetIterator.NO_MORE_DOCS;
        doc = numbers.nextDoc()) {
      if (within.get(doc)) {
        int code = dictionary.code(column.getKey(), numbers.longValue());
        count(code, weights[doc], sides.selected().get(doc));
      }
    }
  }

  private void count(int code, long weight, boolean selected) {
    codes = Math.max(codes, code + 1);
    tally.add(code, weight, selected);
  }

  /** The weight of each value; that of all events less these is the weight of the absent one. */
  Map<@Nullable Value, Weight> weights(Weight all) throws IOException {
    Map<@Nullable Value, Weight> weights = new HashMap<>();
    for (int code = 1; code < codes; code++) {
      weights.put(dictionary.value(code), tally.weight(code));
    }
    long selected = all.selected();
    long baseline = all.baseline();
    for (Weight weight : weights.values()) {
      selected -= weight.selected();
      baseline -= weight.baseline();
    }
    boolean many = false;
    for (Texts segment : texts) {
      selected -= Arrays.stream(segment.selected()).sum();
      baseline -= Arrays.stream(segment.baseline()).sum();
      many |= segment.distinct() > Limits.CONTRAST_TEXTS;
    }
    if (many) {
      putSelectedTexts(weights);
    } else {
      putTexts(weights);
      if (texts(weights) > Limits.CONTRAST_TEXTS) {
        dropUnselected(weights);
      }
    }
    boolean occurs = selected < all.selected() || baseline < all.baseline();
    if (occurs && (selected > 0 || baseline > 0)) {
      weights.put(null, new Weight(selected, baseline));
    }
    return weights;
  }

  private void putTexts(Map<@Nullable Value, Weight> weights) throws IOException {
    for (Texts segment : texts) {
      for (int ordinal = 0; ordinal < segment.selected().length; ordinal++) {
        if (segment.occurs(ordinal)) {
          weights.merge(segment.value(ordinal), segment.weight(ordinal), FieldContrast::sum);
        }
      }
    }
  }

  /** Only the selected texts are read, which are few where the others are ids by the million. */
  private void putSelectedTexts(Map<@Nullable Value, Weight> weights) throws IOException {
    Set<BytesRef> wanted = new HashSet<>();
    for (Texts segment : texts) {
      for (int ordinal = 0; ordinal < segment.selected().length; ordinal++) {
        if (segment.selected()[ordinal] > 0) {
          wanted.add(BytesRef.deepCopyOf(segment.texts().lookupOrd(ordinal)));
        }
      }
    }
    for (BytesRef text : wanted) {
      Value value = Value.of(text.utf8ToString());
      for (Texts segment : texts) {
        int ordinal = segment.texts().lookupTerm(text);
        if (ordinal >= 0) {
          weights.merge(value, segment.weight(ordinal), FieldContrast::sum);
        }
      }
    }
    dropUnselected(weights);
  }

  private static long texts(Map<@Nullable Value, Weight> weights) {
    return weights.keySet().stream().filter(Value.Text.class::isInstance).count();
  }

  private static void dropUnselected(Map<@Nullable Value, Weight> weights) {
    weights
        .entrySet()
        .removeIf(
            entry -> entry.getKey() instanceof Value.Text && entry.getValue().selected() == 0);
  }

  private static Weight sum(Weight a, Weight b) {
    return new Weight(a.selected() + b.selected(), a.baseline() + b.baseline());
  }
}
