package firebreak.eventstore;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** The values of a field as terms of the index, which lead to the parts that hold them. */
final class Terms {
  /** The name of the doc values that tell a part's file. */
  static final String FILE = "file";

  private static final FieldType TERMS_ONLY = new FieldType();
  private static final int MOST_HEX = 64;

  /** Longer texts share a term with all that begin alike; the index may lead to too many parts. */
  private static final int MOST_BYTES = 1_024;

  static {
    TERMS_ONLY.setTokenized(true);
    TERMS_ONLY.setOmitNorms(true);
    TERMS_ONLY.setIndexOptions(IndexOptions.DOCS);
    TERMS_ONLY.freeze();
  }

  private Terms() {}

  /** The files whose parts may hold the value. */
  static Set<String> files(DirectoryReader reader, String field, Value value) throws IOException {
    Set<String> files = new HashSet<>();
    Term term = new Term(name(field), term(value));
    for (LeafReaderContext leaf : reader.leaves()) {
      PostingsEnum postings = leaf.reader().postings(term, PostingsEnum.NONE);
      if (postings == null) {
        continue;
      }
      Bits live = leaf.reader().getLiveDocs();
      BinaryDocValues names =
          Objects.requireNonNull(leaf.reader().getBinaryDocValues(FILE), "a part has a file");
      for (int doc = postings.nextDoc();
          doc != PostingsEnum.NO_MORE_DOCS;
          doc = postings.nextDoc()) {
        if ((live == null || live.get(doc)) && names.advanceExact(doc)) {
          files.add(names.binaryValue().utf8ToString());
        }
      }
    }
    return files;
  }

  /** A field of a document that holds all values of a part's column; null where it has none. */
  static @Nullable Field of(Part part, String field) {
    Column column = part.column(field);
    if (column == null) {
      return null;
    }
    Stream<Value> values =
        switch (column) {
          case Column.Coded coded -> values(coded.dictionary());
          case Column.Measured measured ->
              IntStream.range(0, part.rows()).mapToObj(measured::value).filter(Objects::nonNull);
        };
    return field(name(field), values.map(Terms::term).iterator());
  }

  private static Stream<Value> values(Dictionary dictionary) {
    return IntStream.rangeClosed(1, dictionary.size()).mapToObj(dictionary::value);
  }

  static Field field(String name, Iterator<BytesRef> terms) {
    return new Field(name, new TermStream(terms), TERMS_ONLY);
  }

  private static String name(String field) {
    return "=" + field;
  }

  /** Equal values have equal terms. */
  private static BytesRef term(Value value) {
    return switch (value) {
      case Value.Text(String text) -> textTerm(text);
      case Value.Whole(long number) -> fixed('n', number);
      case Value.Real(double number) -> fixed('d', Double.doubleToRawLongBits(number));
      case Value.Truth(boolean truth) -> fixed('b', truth ? 1 : 0);
    };
  }

  private static BytesRef fixed(char type, long bits) {
    return new BytesRef(ByteBuffer.allocate(9).put((byte) type).putLong(bits).array());
  }

  private static BytesRef textTerm(String text) {
    boolean hex = isHex(text);
    byte[] bytes = hex ? HexFormat.of().parseHex(text) : text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MOST_BYTES);
    return new BytesRef(
        ByteBuffer.allocate(1 + length)
            .put((byte) (hex ? 'h' : 's'))
            .put(bytes, 0, length)
            .array());
  }

  /** Whether half the bytes will do. */
  private static boolean isHex(String text) {
    if (text.isEmpty() || text.length() % 2 != 0 || text.length() > MOST_HEX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** Shows terms to the index one by one. */
  private static final class TermStream extends TokenStream {
    private final Iterator<BytesRef> terms;
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);

    TermStream(Iterator<BytesRef> terms) {
      this.terms = terms;
    }

    @Override
    public boolean incrementToken() {
      clearAttributes();
      if (!terms.hasNext()) {
        return false;
      }
      term.setBytesRef(terms.next());
      return true;
    }
  }
}
