package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Reads an index of the former version: one document an event, one column of doc values for each
 * field and type, the documents in the order of their sequence numbers.
 */
final class FormerIndex implements Closeable {
  private static final String FIELDS = "fields of ";
  private static final int TYPE = 2;

  private final Directory directory;
  private final DirectoryReader reader;

  FormerIndex(Path path) throws IOException {
    directory = FSDirectory.open(path);
    try {
      reader = DirectoryReader.open(directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Is shown the events. */
  @FunctionalInterface
  interface Visitor {
    void visit(long sequence, String dataset, Event event) throws IOException;
  }

  /** Reads the values of one field and type, document by document. */
  private interface Values {
    @Nullable Value of(int doc) throws IOException;
  }

  private record NamedValues(String field, Values values) {}

  /** The fields of each dataset, as the catalogue wrote them. */
  Map<String, String> fields() throws IOException {
    Map<String, String> fields = new HashMap<>();
    reader
        .getIndexCommit()
        .getUserData()
        .forEach(
            (key, value) -> {
              if (key.startsWith(FIELDS)) {
                fields.put(key.substring(FIELDS.length()), value);
              }
            });
    return fields;
  }

  void readAll(Visitor visitor) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      read(leaf.reader(), visitor);
    }
  }

  private static void read(LeafReader leaf, Visitor visitor) throws IOException {
    Bits live = leaf.getLiveDocs();
    NumericDocValues sequences = DocValues.getNumeric(leaf, "sequence");
    NumericDocValues times = DocValues.getNumeric(leaf, "time");
    NumericDocValues rates = DocValues.getNumeric(leaf, "sample_rate");
    SortedDocValues datasets = DocValues.getSorted(leaf, "dataset");
    List<NamedValues> columns = columns(leaf);
    for (int doc = 0; doc < leaf.maxDoc(); doc++) {
      boolean whole =
          sequences.advanceExact(doc)
              && times.advanceExact(doc)
              && rates.advanceExact(doc)
              && datasets.advanceExact(doc);
      if (!whole || (live != null && !live.get(doc))) {
        continue;
      }
      Map<String, Value> fields = new HashMap<>();
      for (NamedValues column : columns) {
        Value value = column.values().of(doc);
        if (value != null) {
          fields.put(column.field(), value);
        }
      }
      visitor.visit(
          sequences.longValue(),
          datasets.lookupOrd(datasets.ordValue()).utf8ToString(),
          new Event(Times.instant(times.longValue()), (int) rates.longValue(), fields));
    }
  }

  private static List<NamedValues> columns(LeafReader leaf) throws IOException {
    List<NamedValues> columns = new ArrayList<>();
    for (FieldInfo column : leaf.getFieldInfos()) {
      String name = column.name;
      int end = name.length() - TYPE;
      Values values = end < 0 ? null : values(leaf, name, name.substring(end));
      if (values != null) {
        columns.add(new NamedValues(name.substring(0, end), values));
      }
    }
    return columns;
  }

  private static @Nullable Values values(LeafReader leaf, String column, String type)
      throws IOException {
    return switch (type) {
      case "#s" -> text(DocValues.getSorted(leaf, column));
      case "#l" -> longText(DocValues.getBinary(leaf, column));
      case "#n" -> number(DocValues.getNumeric(leaf, column), Value::of);
      case "#d" ->
          number(
              DocValues.getNumeric(leaf, column),
              bits -> Value.number(Double.longBitsToDouble(bits)));
      case "#b" -> number(DocValues.getNumeric(leaf, column), bits -> Value.of(bits != 0));
      default -> null;
    };
  }

  private static Values text(SortedDocValues values) {
    return doc ->
        values.advanceExact(doc)
            ? Value.of(values.lookupOrd(values.ordValue()).utf8ToString())
            : null;
  }

  private static Values longText(BinaryDocValues values) {
    return doc -> values.advanceExact(doc) ? Value.of(values.binaryValue().utf8ToString()) : null;
  }

  private static Values number(NumericDocValues values, LongFunction<Value> value) {
    return doc -> values.advanceExact(doc) ? value.apply(values.longValue()) : null;
  }

  @Override
  public void close() throws IOException {
    try (Directory _ = directory) {
      reader.close();
    }
  }
}
