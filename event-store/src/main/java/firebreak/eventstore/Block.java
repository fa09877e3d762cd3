package firebreak.eventstore;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.util.FixedBitSet;

/** Some matching events of one segment, whose fields can be read column by column. */
final class Block {
  static final int SIZE = 1 << 16;

  private final Segment segment;
  private final int[] docs;
  private final Map<String, double[]> numbers = new HashMap<>();
  private final Map<Dictionary, int[]> codes = new HashMap<>();

  Block(Segment segment, int[] docs) {
    this.segment = segment;
    this.docs = docs;
  }

  int size() {
    return docs.length;
  }

  int doc(int index) {
    return docs[index];
  }

  /** A column of the store's own, which every event has. */
  long[] own(String column) throws IOException {
    segment.deadline.check();
    long[] values = new long[docs.length];
    DocValues.getNumeric(segment.reader, column).longValues(docs.length, docs, values, 0);
    return values;
  }

  /** The numbers of a field, NaN where it has none. Kept: not to be changed. */
  double[] numbers(String field) throws IOException {
    double[] known = numbers.get(field);
    if (known != null) {
      return known;
    }
    segment.deadline.check();
    double[] values = new double[docs.length];
    Arrays.fill(values, Double.NaN);
    for (Map.Entry<Columns.Type, String> column : segment.columns(field).entrySet()) {
      boolean whole = column.getKey() == Columns.Type.WHOLE;
      if (whole || column.getKey() == Columns.Type.REAL) {
        NumericDocValues numeric = DocValues.getNumeric(segment.reader, column.getValue());
        for (int i = 0; i < docs.length; i++) {
          if (numeric.advanceExact(docs[i])) {
            long bits = numeric.longValue();
            values[i] = whole ? bits : Double.longBitsToDouble(bits);
          }
        }
      }
    }
    numbers.put(field, values);
    return values;
  }

  /** The dictionary's codes of a field's values. Kept: not to be changed. */
  int[] codes(String field, Dictionary dictionary) throws IOException {
    int[] known = codes.get(dictionary);
    if (known != null) {
      return known;
    }
    int[] values = new int[docs.length];
    for (Map.Entry<Columns.Type, String> column : segment.columns(field).entrySet()) {
      segment.deadline.check();
      switch (column.getKey()) {
        case TEXT -> readText(column.getValue(), dictionary, values);
        case LONG_TEXT -> readLongText(column.getValue(), dictionary, values);
        case WHOLE, REAL, TRUTH -> readNumbers(column, dictionary, values);
      }
    }
    codes.put(dictionary, values);
    return values;
  }

  private void readText(String column, Dictionary dictionary, int[] values) throws IOException {
    SortedDocValues sorted = DocValues.getSorted(segment.reader, column);
    int[] ordinalCodes = segment.ordinalCodes(dictionary, sorted.getValueCount());
    int[] ordinals = new int[docs.length];
    FixedBitSet unknown = new FixedBitSet(sorted.getValueCount());
    for (int i = 0; i < docs.length; i++) {
      ordinals[i] = sorted.advanceExact(docs[i]) ? sorted.ordValue() : -1;
      if (ordinals[i] >= 0 && ordinalCodes[ordinals[i]] == Dictionary.ABSENT) {
        unknown.set(ordinals[i]);
      }
    }
    // Looked up in ascending order, neighbours share the decoding of their block.
    for (int o = Segment.next(unknown, 0); o >= 0; o = Segment.next(unknown, o + 1)) {
      ordinalCodes[o] = dictionary.code(Value.of(sorted.lookupOrd(o).utf8ToString()));
    }
    for (int i = 0; i < docs.length; i++) {
      if (ordinals[i] >= 0) {
        values[i] = ordinalCodes[ordinals[i]];
      }
    }
  }

  private void readLongText(String column, Dictionary dictionary, int[] values) throws IOException {
    BinaryDocValues binary = DocValues.getBinary(segment.reader, column);
    for (int i = 0; i < docs.length; i++) {
      if (binary.advanceExact(docs[i])) {
        values[i] = dictionary.code(Value.of(binary.binaryValue().utf8ToString()));
      }
    }
  }

  private void readNumbers(
      Map.Entry<Columns.Type, String> column, Dictionary dictionary, int[] values)
      throws IOException {
    NumericDocValues numeric = DocValues.getNumeric(segment.reader, column.getValue());
    for (int i = 0; i < docs.length; i++) {
      if (numeric.advanceExact(docs[i])) {
        values[i] = dictionary.code(column.getKey(), numeric.longValue());
      }
    }
  }
}
