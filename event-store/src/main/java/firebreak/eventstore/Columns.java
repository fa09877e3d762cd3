package firebreak.eventstore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * How an event lies in the index: a column of doc values per field and type, so that a field that
 * changes its type is two columns and no contradiction.
 */
final class Columns {
  static final String TIME = "time";
  static final String DATASET = "dataset";
  static final String SAMPLE_RATE = "sample_rate";
  static final String SEQUENCE = "sequence";

  /** The longest text that Lucene keeps in a sorted column. */
  private static final int TERM_BYTES = 32_766;

  /** The type of a column, with the end of its name. */
  enum Type {
    TEXT("#s"),
    LONG_TEXT("#l"),
    WHOLE("#n"),
    REAL("#d"),
    TRUTH("#b");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }

    String of(String field) {
      return field + suffix;
    }
  }

  private Columns() {}

  /** The field and type of a column; null for one of the store's own. */
  static @Nullable Typed typed(String column) {
    for (Type type : Type.values()) {
      if (column.endsWith(type.suffix)) {
        return new Typed(column.substring(0, column.length() - type.suffix.length()), type);
      }
    }
    return null;
  }

  /** A column's field and type. */
  record Typed(String field, Type type) {}

  static List<Document> documents(Journal.Entry entry) {
    List<Document> documents = new ArrayList<>(entry.batch().events().size());
    long sequence = entry.sequence();
    BytesRef dataset = new BytesRef(entry.batch().dataset());
    for (Event event : entry.batch().events()) {
      Document document = new Document();
      document.add(NumericDocValuesField.indexedField(TIME, Times.nanos(event.time())));
      document.add(NumericDocValuesField.indexedField(SEQUENCE, sequence++));
      document.add(new SortedDocValuesField(DATASET, dataset));
      document.add(new NumericDocValuesField(SAMPLE_RATE, event.sampleRate()));
      event.fields().forEach((name, value) -> add(document, name, value));
      documents.add(document);
    }
    return documents;
  }

  private static void add(Document document, String field, Value value) {
    switch (value) {
      case Value.Text(String text) -> {
        BytesRef bytes = new BytesRef(text.getBytes(StandardCharsets.UTF_8));
        document.add(
            bytes.length > TERM_BYTES
                ? new BinaryDocValuesField(Type.LONG_TEXT.of(field), bytes)
                : new SortedDocValuesField(Type.TEXT.of(field), bytes));
      }
      case Value.Whole(long number) ->
          document.add(new NumericDocValuesField(Type.WHOLE.of(field), number));
      case Value.Real(double number) ->
          document.add(
              new NumericDocValuesField(Type.REAL.of(field), Double.doubleToRawLongBits(number)));
      case Value.Truth(boolean truth) ->
          document.add(new NumericDocValuesField(Type.TRUTH.of(field), truth ? 1 : 0));
    }
  }

  /** The value of a number or truth value as it lies in a column. */
  static Value value(Type type, long bits) {
    return switch (type) {
      case WHOLE -> Value.of(bits);
      case REAL -> new Value.Real(Double.longBitsToDouble(bits));
      case TRUTH -> Value.of(bits != 0);
      case TEXT, LONG_TEXT -> throw new IllegalArgumentException(type + " has no bits");
    };
  }
}
