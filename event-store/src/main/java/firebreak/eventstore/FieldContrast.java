package firebreak.eventstore;

import firebreak.eventstore.EventStore.Weight;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** The weight of every value of one field on both sides. */
final class FieldContrast {
  private final Dictionary dictionary = new Dictionary();
  private final SelectionPlan.Tally tally = new SelectionPlan.Tally();
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
    for (int ordinal = 0; ordinal < selected.length; ordinal++) {
      if (selected[ordinal] > 0 || baseline[ordinal] > 0) {
        int code = dictionary.code(Value.of(texts.lookupOrd(ordinal).utf8ToString()));
        count(code, new Weight(selected[ordinal], baseline[ordinal]));
      }
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

  private void count(int code, Weight weight) {
    codes = Math.max(codes, code + 1);
    tally.add(code, weight);
  }

  private void count(int code, long weight, boolean selected) {
    codes = Math.max(codes, code + 1);
    tally.add(code, weight, selected);
  }

  /** The weight of each value; that of all events less these is the weight of the absent one. */
  Map<@Nullable Value, Weight> weights(Weight all) {
    Map<@Nullable Value, Weight> weights = new HashMap<>();
    long selected = all.selected();
    long baseline = all.baseline();
    for (int code = 1; code < codes; code++) {
      Weight weight = tally.weight(code);
      weights.put(dictionary.value(code), weight);
      selected -= weight.selected();
      baseline -= weight.baseline();
    }
    if (codes > 1 && (selected > 0 || baseline > 0)) {
      weights.put(null, new Weight(selected, baseline));
    }
    return weights;
  }
}
