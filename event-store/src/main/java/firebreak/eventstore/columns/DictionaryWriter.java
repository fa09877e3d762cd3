package firebreak.eventstore.columns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexOutput;

/**
 * Writes a dictionary: the values of each kind in a section of their own, in the order of their
 * codes, and, where there are several sections, of each code its section and its place in it.
 */
final class DictionaryWriter {
  /** Follows the numbers of the kinds; stands for texts that end in a number. */
  static final int NUMBERED = 8;

  static final int SECTIONS = 9;

  /** The length of every text is known; where each so-manieth begins is known too. */
  static final int TEXTS_PER_ANCHOR = 16;

  static final int HASH_BITS = 16;
  private static final int MOST_SHAPES = 1_024;

  private final IndexOutput file;
  private final DataOutput description;
  private final PackedWriter packed;
  private final KeyedDictionary source;
  private final int[] codes;
  private final int size;
  private final Key key = new Key();

  /**
   * @param codes the values to write, {@code codes[1]} to {@code codes[size]}, by their code in
   *     {@code source}
   */
  DictionaryWriter(
      IndexOutput file, DataOutput description, KeyedDictionary source, int[] codes, int size) {
    this.file = file;
    this.description = description;
    packed = new PackedWriter(file, description);
    this.source = source;
    this.codes = codes;
    this.size = size;
  }

  void write() throws IOException {
    int[] sections = new int[size];
    int[] counts = new int[SECTIONS];
    int[] hashes = new int[size];
    for (int i = 0; i < size; i++) {
      source.key(codes[i + 1], key);
      sections[i] = key.kind.number();
      counts[sections[i]]++;
      hashes[i] = key.hash();
    }
    Map<NumberedShape, Integer> shapes = shapes(sections, counts);
    int[] places = new int[size];
    int[] used = new int[SECTIONS];
    for (int i = 0; i < size; i++) {
      places[i] = used[sections[i]]++;
    }
    description.writeVInt(size);
    description.writeVInt((int) Arrays.stream(counts).filter(count -> count > 0).count());
    for (int section = 0; section < SECTIONS; section++) {
      if (counts[section] > 0) {
        description.writeByte((byte) section);
        description.writeVInt(counts[section]);
        write(section, members(sections, section, counts[section]), shapes);
      }
    }
    packed.write(sections, size);
    packed.write(places, size);
    DictionaryIndex.write(file, description, hashes);
  }

  private int[] members(int[] sections, int section, int count) {
    int[] members = new int[count];
    int next = 0;
    for (int i = 0; i < size; i++) {
      if (sections[i] == section) {
        members[next++] = codes[i + 1];
      }
    }
    return members;
  }

  /** Decides whether texts are written as shapes and numbers, and if so moves them. */
  private Map<NumberedShape, Integer> shapes(int[] sections, int[] counts) {
    Map<NumberedShape, Integer> shapes = new HashMap<>();
    int text = Kind.TEXT.number();
    for (int i = 0; i < size; i++) {
      if (sections[i] == text) {
        String content = text(codes[i + 1]);
        int length = NumberedShape.numberLength(content);
        if (length == 0 || shapes.size() > MOST_SHAPES) {
          return Map.of();
        }
        shapes.putIfAbsent(NumberedShape.of(content, length), shapes.size());
      }
    }
    if (shapes.size() > counts[text] / 4) {
      return Map.of();
    }
    for (int i = 0; i < size; i++) {
      if (sections[i] == text) {
        sections[i] = NUMBERED;
      }
    }
    counts[NUMBERED] = counts[text];
    counts[text] = 0;
    return shapes;
  }

  private String text(int code) {
    source.key(code, key);
    return key.text;
  }

  private void write(int section, int[] members, Map<NumberedShape, Integer> shapes)
      throws IOException {
    if (section == NUMBERED) {
      writeNumbered(members, shapes);
      return;
    }
    switch (Kind.of(section)) {
      case FALSE, TRUE -> {}
      case WHOLE, REAL, HEX_16 -> writeLongs(members, false);
      case HEX_32, UUID -> writeLongs(members, true);
      case TEXT -> writeTexts(members);
    }
  }

  private void writeLongs(int[] members, boolean wide) throws IOException {
    long[] firsts = new long[members.length];
    long[] seconds = new long[wide ? members.length : 0];
    for (int i = 0; i < members.length; i++) {
      source.key(members[i], key);
      firsts[i] = key.first;
      if (wide) {
        seconds[i] = key.second;
      }
    }
    packed.write(firsts, firsts.length);
    if (wide) {
      packed.write(seconds, seconds.length);
    }
  }

  private void writeNumbered(int[] members, Map<NumberedShape, Integer> shapes) throws IOException {
    int[] shapeOf = new int[members.length];
    long[] numbers = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      String text = text(members[i]);
      int length = NumberedShape.numberLength(text);
      shapeOf[i] = shapes.getOrDefault(NumberedShape.of(text, length), 0);
      numbers[i] = NumberedShape.number(text, length);
    }
    List<NumberedShape> inOrder = new ArrayList<>(shapes.keySet());
    inOrder.sort((a, b) -> Integer.compare(shapes.getOrDefault(a, 0), shapes.getOrDefault(b, 0)));
    description.writeVInt(inOrder.size());
    for (NumberedShape shape : inOrder) {
      description.writeString(shape.prefix());
      description.writeVInt(shape.digits());
    }
    packed.write(shapeOf, shapeOf.length);
    packed.write(numbers, numbers.length);
  }

  private void writeTexts(int[] members) throws IOException {
    int count = members.length;
    int[] lengths = new int[count];
    int[] hashes = new int[count];
    long[] anchors = new long[(count + TEXTS_PER_ANCHOR - 1) / TEXTS_PER_ANCHOR];
    long start = file.getFilePointer();
    long end = 0;
    for (int i = 0; i < count; i++) {
      if (i % TEXTS_PER_ANCHOR == 0) {
        anchors[i / TEXTS_PER_ANCHOR] = end;
      }
      String text = text(members[i]);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      file.writeBytes(bytes, 0, bytes.length);
      lengths[i] = bytes.length;
      hashes[i] = hash(text);
      end += bytes.length;
    }
    description.writeVLong(start);
    packed.write(lengths, count);
    packed.write(anchors, anchors.length);
    packed.write(hashes, count);
  }

  /** Some bits of a text's hash, by which most other texts are told apart from it unread. */
  static int hash(String text) {
    int hash = text.hashCode();
    return (hash ^ hash >>> HASH_BITS) & ((1 << HASH_BITS) - 1);
  }
}
