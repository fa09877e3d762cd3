package firebreak.eventstore.columns;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.apache.lucene.store.DataInput;
import org.apache.lucene.store.DataOutput;
import org.apache.lucene.store.IndexOutput;
import org.jspecify.annotations.Nullable;

/**
 * Tells the codes that a value of a large dictionary may have, by the hash of the value: a table
 * with open addressing. A slot is 0 where free, else a code above some bits of the value's hash, by
 * which most other values are told apart from it unread.
 */
final class DictionaryIndex {
  /** A dictionary of fewer values has none: they are looked at one by one. */
  private static final int LEAST_VALUES = 1_024;

  private static final int TAG_BITS = 6;
  private static final int TAG_MASK = (1 << TAG_BITS) - 1;

  /** So many values in the way of another are not there by chance: such a table is not written. */
  private static final int MOST_STEPS = 1_024;

  private final Packed slots;
  private final long length;

  private DictionaryIndex(Packed slots, long length) {
    this.slots = slots;
    this.length = length;
  }

  /** Whether a value may have a code. */
  @FunctionalInterface
  interface Candidate {
    boolean is(int code);
  }

  static @Nullable DictionaryIndex read(DataInput description, MemorySegment file)
      throws IOException {
    int length = description.readVInt();
    return length == 0 ? null : new DictionaryIndex(Packed.read(description, file), length);
  }

  /** Writes the table of values, given the hash of each, the first of which has code 1. */
  static void write(IndexOutput file, DataOutput description, int[] hashes) throws IOException {
    long[] slots = hashes.length < LEAST_VALUES ? null : slots(hashes);
    description.writeVInt(slots == null ? 0 : slots.length);
    if (slots != null) {
      int width = Packed.width((long) hashes.length << TAG_BITS | TAG_MASK);
      new PackedWriter(file, description).write(slots, slots.length, 0, width);
    }
  }

  /** Two slots of three are taken; null where hashes lie too close. */
  private static long @Nullable [] slots(int[] hashes) {
    long[] slots = new long[Math.toIntExact(hashes.length * 3L / 2)];
    for (int i = 0; i < hashes.length; i++) {
      int slot = slot(hashes[i], slots.length);
      int steps = 0;
      while (slots[slot] != 0) {
        slot = slot + 1 == slots.length ? 0 : slot + 1;
        if (++steps > MOST_STEPS) {
          return null;
        }
      }
      slots[slot] = (long) (i + 1) << TAG_BITS | tag(hashes[i]);
    }
    return slots;
  }

  private static int slot(int hash, long length) {
    return (int) (((hash & 0xFFFF_FFFFL) * length) >>> Integer.SIZE);
  }

  private static int tag(int hash) {
    return hash & TAG_MASK;
  }

  /** The code of a value that has this hash; 0 where none is it. */
  int find(int hash, Candidate candidate) {
    int slot = slot(hash, length);
    // A damaged file may have no free slot.
    for (long left = length; left > 0; left--) {
      long entry = slots.at(slot);
      if (entry == 0) {
        return 0;
      }
      int code = (int) (entry >>> TAG_BITS);
      if ((entry & TAG_MASK) == tag(hash) && candidate.is(code)) {
        return code;
      }
      slot = slot + 1 == length ? 0 : slot + 1;
    }
    return 0;
  }
}
