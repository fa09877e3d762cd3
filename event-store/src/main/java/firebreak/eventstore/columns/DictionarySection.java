package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.apache.lucene.store.DataInput;

/** The values of one kind in the dictionary of a part file. */
abstract sealed class DictionarySection {
  private static final int CHUNK = 1_024;

  /** Fills {@code into} with the value at a place, counted from 0. */
  abstract void key(int place, Key into);

  /** The place of a value; -1 where it is not there. */
  abstract int find(Key key);

  double number(int place) {
    return Double.NaN;
  }

  static DictionarySection read(int number, DataInput description, MemorySegment file)
      throws IOException {
    int count = description.readVInt();
    if (number == DictionaryWriter.NUMBERED) {
      return Numbered.read(count, description, file);
    }
    Kind kind = Kind.of(number);
    return switch (kind) {
      case FALSE, TRUE -> new Truth(kind);
      case WHOLE, REAL, HEX_16 -> new Narrow(kind, count, Packed.read(description, file));
      case HEX_32, UUID -> {
        Packed firsts = Packed.read(description, file);
        yield new Wide(kind, count, firsts, Packed.read(description, file));
      }
      case TEXT -> Texts.read(count, description, file);
    };
  }

  /** The first place from {@code from} on at which a number is found; -1 where there is none. */
  private static int firstPlace(Packed packed, long number, int from, int count) {
    if (packed.isConstant()) {
      return from < count && packed.base() == number ? from : -1;
    }
    long[] chunk = new long[Math.max(0, Math.min(CHUNK, count - from))];
    for (int start = from; start < count; start += CHUNK) {
      int size = Math.min(CHUNK, count - start);
      packed.read(start, size, chunk);
      for (int i = 0; i < size; i++) {
        if (chunk[i] == number) {
          return start + i;
        }
      }
    }
    return -1;
  }

  /** True or false, which is all that its section holds. */
  private static final class Truth extends DictionarySection {
    private final Kind kind;

    Truth(Kind kind) {
      this.kind = kind;
    }

    @Override
    void key(int place, Key into) {
      into.set(kind, 0, 0);
    }

    @Override
    int find(Key key) {
      return 0;
    }
  }

  /** Values of one long each. */
  private static final class Narrow extends DictionarySection {
    private final Kind kind;
    private final int count;
    private final Packed firsts;

    Narrow(Kind kind, int count, Packed firsts) {
      this.kind = kind;
      this.count = count;
      this.firsts = firsts;
    }

    @Override
    void key(int place, Key into) {
      into.set(kind, firsts.at(place), 0);
    }

    @Override
    double number(int place) {
      return Key.number(kind, firsts.at(place));
    }

    @Override
    int find(Key key) {
      return firstPlace(firsts, key.first, 0, count);
    }
  }

  /** Values of two longs each. */
  private static final class Wide extends DictionarySection {
    private final Kind kind;
    private final int count;
    private final Packed firsts;
    private final Packed seconds;

    Wide(Kind kind, int count, Packed firsts, Packed seconds) {
      this.kind = kind;
      this.count = count;
      this.firsts = firsts;
      this.seconds = seconds;
    }

    @Override
    void key(int place, Key into) {
      into.set(kind, firsts.at(place), seconds.at(place));
    }

    @Override
    int find(Key key) {
      int place = firstPlace(firsts, key.first, 0, count);
      while (place >= 0 && seconds.at(place) != key.second) {
        place = firstPlace(firsts, key.first, place + 1, count);
      }
      return place;
    }
  }

  /** Texts that end in a number. */
  private static final class Numbered extends DictionarySection {
    private final int count;
    private final NumberedShape[] shapes;
    private final Packed shapeOf;
    private final Packed numbers;

    private Numbered(int count, NumberedShape[] shapes, Packed shapeOf, Packed numbers) {
      this.count = count;
      this.shapes = shapes;
      this.shapeOf = shapeOf;
      this.numbers = numbers;
    }

    static Numbered read(int count, DataInput description, MemorySegment file) throws IOException {
      NumberedShape[] shapes = new NumberedShape[description.readVInt()];
      for (int i = 0; i < shapes.length; i++) {
        String prefix = description.readString();
        shapes[i] = new NumberedShape(prefix, description.readVInt());
      }
      Packed shapeOf = Packed.read(description, file);
      return new Numbered(count, shapes, shapeOf, Packed.read(description, file));
    }

    @Override
    void key(int place, Key into) {
      into.setPlain(shapes[(int) shapeOf.at(place)].text(numbers.at(place)));
    }

    @Override
    int find(Key key) {
      int length = NumberedShape.numberLength(key.text);
      if (length == 0) {
        return -1;
      }
      NumberedShape shape = NumberedShape.of(key.text, length);
      long number = NumberedShape.number(key.text, length);
      int place = firstPlace(numbers, number, 0, count);
      while (place >= 0 && !shapes[(int) shapeOf.at(place)].equals(shape)) {
        place = firstPlace(numbers, number, place + 1, count);
      }
      return place;
    }
  }

  /** Texts of any kind. */
  private static final class Texts extends DictionarySection {
    private final int count;
    private final MemorySegment file;
    private final long start;
    private final Packed lengths;
    private final Packed anchors;
    private final Packed hashes;

    private Texts(
        int count, MemorySegment file, long start, Packed lengths, Packed anchors, Packed hashes) {
      this.count = count;
      this.file = file;
      this.start = start;
      this.lengths = lengths;
      this.anchors = anchors;
      this.hashes = hashes;
    }

    static Texts read(int count, DataInput description, MemorySegment file) throws IOException {
      long start = description.readVLong();
      Packed lengths = Packed.read(description, file);
      Packed anchors = Packed.read(description, file);
      return new Texts(count, file, start, lengths, anchors, Packed.read(description, file));
    }

    @Override
    void key(int place, Key into) {
      into.setPlain(text(place));
    }

    private String text(int place) {
      int anchor = place / DictionaryWriter.TEXTS_PER_ANCHOR;
      long offset = start + anchors.at(anchor);
      for (int i = anchor * DictionaryWriter.TEXTS_PER_ANCHOR; i < place; i++) {
        offset += lengths.at(i);
      }
      byte[] bytes = new byte[(int) lengths.at(place)];
      MemorySegment.copy(file, ValueLayout.JAVA_BYTE, offset, bytes, 0, bytes.length);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    int find(Key key) {
      int hash = DictionaryWriter.hash(key.text);
      int place = firstPlace(hashes, hash, 0, count);
      while (place >= 0 && !text(place).equals(key.text)) {
        place = firstPlace(hashes, hash, place + 1, count);
      }
      return place;
    }
  }
}
