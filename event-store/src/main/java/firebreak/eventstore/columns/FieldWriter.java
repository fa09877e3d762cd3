package firebreak.eventstore.columns;

import java.io.IOException;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.Nullable;

/** Writes the columns of a part file, one after the other. */
final class FieldWriter {
  static final byte CODED = 0;
  static final byte MEASURED = 1;

  /** Every row has a number. */
  static final byte ALL_PRESENT = 0;

  /** A row whose number is written as 0 has none; all others are written one higher. */
  static final byte PRESENCE_IN_NUMBER = 1;

  /** The numbers need all 64 bits; which rows have one is written apart. */
  static final byte PRESENCE_APART = 2;

  private final IndexOutput file;
  private final DataOutput description;
  private final PackedWriter packed;
  private final MarginalsWriter marginals;
  private final MergedRows rows;
  private final long @Nullable [] weights;

  /**
   * @param weights what each row weighs, in the order of writing; null where each weighs 1
   */
  FieldWriter(
      IndexOutput file, DataOutput description, MergedRows rows, long @Nullable [] weights) {
    this.file = file;
    this.description = description;
    packed = new PackedWriter(file, description);
    marginals = new MarginalsWriter(packed, description);
    this.rows = rows;
    this.weights = weights;
  }

  /** Writes the column of a field; false where no row has it. */
  boolean write(String field) throws IOException {
    FieldValues values = FieldValues.collect(rows, field);
    if (values == null) {
      return false;
    }
    description.writeString(field);
    switch (values) {
      case FieldValues.ByCode coded -> write(coded);
      case FieldValues.ByNumber measured -> write(measured);
    }
    return true;
  }

  private void write(FieldValues.ByCode values) throws IOException {
    description.writeByte(CODED);
    packed.write(values.codes(), values.codes().length);
    new DictionaryWriter(file, description, values.dictionary(), values.values(), values.highest())
        .write();
    marginals.write(values.codes(), values.highest(), weights);
  }

  private void write(FieldValues.ByNumber values) throws IOException {
    DecimalForm form = DecimalForm.of(values);
    boolean[] present = values.present();
    long[] numbers = form.numbers();
    long smallest = Long.MAX_VALUE;
    long largest = Long.MIN_VALUE;
    int lowestBin = Integer.MAX_VALUE;
    int highestBin = Integer.MIN_VALUE;
    boolean allPresent = true;
    int[] bins = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      allPresent &= present[i];
      if (present[i]) {
        smallest = Math.min(smallest, numbers[i]);
        largest = Math.max(largest, numbers[i]);
        bins[i] = HeatmapBins.number(DecimalForm.asDouble(numbers[i], form.scale()));
        lowestBin = Math.min(lowestBin, bins[i]);
        highestBin = Math.max(highestBin, bins[i]);
      }
    }
    boolean full = largest - smallest == -1L;
    int gap = allPresent || full ? 0 : 1;
    long[] offsets = new long[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      if (present[i]) {
        offsets[i] = numbers[i] - smallest + gap;
        bins[i] += 1 - lowestBin;
      }
    }
    description.writeByte(MEASURED);
    description.writeByte((byte) form.scale());
    description.writeByte(allPresent ? ALL_PRESENT : full ? PRESENCE_APART : PRESENCE_IN_NUMBER);
    description.writeZLong(smallest);
    packed.write(offsets, offsets.length, 0, Packed.width(largest - smallest + gap));
    if (full && !allPresent) {
      packed.write(ones(present), present.length);
    }
    description.writeZInt(lowestBin);
    description.writeVInt(highestBin - lowestBin + 1);
    marginals.write(bins, highestBin - lowestBin + 1, weights);
  }

  private static int[] ones(boolean[] present) {
    int[] ones = new int[present.length];
    for (int i = 0; i < ones.length; i++) {
      ones[i] = present[i] ? 1 : 0;
    }
    return ones;
  }
}
