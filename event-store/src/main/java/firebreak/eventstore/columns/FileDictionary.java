package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.store.DataInput;
import org.jspecify.annotations.Nullable;

/** The dictionary of a column in a part file, read where it lies. */
final class FileDictionary implements KeyedDictionary {
  /** Up to so many values are looked for one by one. */
  private static final int FEW = 4;

  private final int size;
  private final DictionarySection[] sections;

  /** Of each code, less 1, its section and its place in it; unused where there is one section. */
  private final Packed sectionOf;

  private final Packed placeOf;

  private final @Nullable DictionaryIndex index;

  private FileDictionary(
      int size,
      DictionarySection[] sections,
      Packed sectionOf,
      Packed placeOf,
      @Nullable DictionaryIndex index) {
    this.size = size;
    this.sections = sections;
    this.sectionOf = sectionOf;
    this.placeOf = placeOf;
    this.index = index;
  }

  /** Reads the dictionary of a file of some version. */
  static FileDictionary read(DataInput description, MemorySegment file, int version)
      throws IOException {
    int size = description.readVInt();
    DictionarySection[] sections = new DictionarySection[DictionaryWriter.SECTIONS];
    for (int left = description.readVInt(); left > 0; left--) {
      int number = description.readByte();
      sections[number] = DictionarySection.read(number, description, file);
    }
    Packed sectionOf = Packed.read(description, file);
    Packed placeOf = Packed.read(description, file);
    DictionaryIndex index =
        version < PartWriter.INDEXED ? null : DictionaryIndex.read(description, file);
    return new FileDictionary(size, sections, sectionOf, placeOf, index);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void key(int code, Key into) {
    int section = (int) sectionOf.at(code - 1);
    sections[section].key((int) placeOf.at(code - 1), into);
  }

  @Override
  public double number(int code) {
    int section = (int) sectionOf.at(code - 1);
    return section == Kind.WHOLE.number() || section == Kind.REAL.number()
        ? sections[section].number((int) placeOf.at(code - 1))
        : Double.NaN;
  }

  @Override
  public boolean hasNumbers() {
    return sections[Kind.WHOLE.number()] != null || sections[Kind.REAL.number()] != null;
  }

  @Override
  public int code(Value value) {
    Key key = new Key(value);
    return index == null ? search(key) : find(index, key, new Key());
  }

  private int find(DictionaryIndex by, Key key, Key other) {
    return by.find(
        key.hash(),
        code -> {
          key(code, other);
          return key.isSame(other);
        });
  }

  private int search(Key key) {
    int section = key.kind.number();
    int code = code(section, key);
    return code == 0 && key.kind == Kind.TEXT ? code(DictionaryWriter.NUMBERED, key) : code;
  }

  /** Without an index looks at every value once, rather than once for each that is wanted. */
  @Override
  public int[] codes(List<Value> values) {
    DictionaryIndex by = index;
    if (by != null) {
      Key key = new Key();
      Key other = new Key();
      return values.stream()
          .mapToInt(
              value -> {
                key.set(value);
                return find(by, key, other);
              })
          .toArray();
    }
    if (values.size() <= FEW) {
      return KeyedDictionary.super.codes(values);
    }
    GrowingDictionary wanted = new GrowingDictionary();
    int[] numbers = new int[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = wanted.add(new Key(values.get(i)));
    }
    int[] codeOfNumber = new int[wanted.size() + 1];
    Key key = new Key();
    for (int code = 1; code <= size; code++) {
      key(code, key);
      codeOfNumber[wanted.code(key)] = code;
    }
    codeOfNumber[0] = 0;
    return Arrays.stream(numbers).map(number -> codeOfNumber[number]).toArray();
  }

  private int code(int section, Key key) {
    if (sections[section] == null) {
      return 0;
    }
    int place = sections[section].find(key);
    if (place < 0 || sectionOf.isConstant()) {
      return place + 1;
    }
    for (int i = place; i < size; i++) {
      if (sectionOf.at(i) == section && placeOf.at(i) == place) {
        return i + 1;
      }
    }
    return 0;
  }
}
