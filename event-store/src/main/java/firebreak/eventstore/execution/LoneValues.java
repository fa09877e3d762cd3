package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Values of selected rows that have no numbers beforehand. Of ids most are met once: that a hash
 * tells, and spares the numbering of each.
 */
final class LoneValues {
  /** So many places for each value that is met, and few fall on one by chance. */
  private static final int PLACES_OF_EACH = 16;

  private static final int MOST_PLACES = 1 << 26;

  /** What was met in one part; the lone values come first, once they are settled. */
  private static final class Met {
    final Dictionary dictionary;
    final int[] codes;
    final long[] weights;
    final int[] hashes;
    int size;

    Met(Dictionary dictionary, Occurrences found) {
      this.dictionary = dictionary;
      codes = found.codes();
      size = found.size();
      weights = new long[size];
      for (int i = 0; i < size; i++) {
        weights[i] = found.weight(i);
      }
      hashes = new int[size];
      dictionary.hashes(codes, size, hashes);
    }
  }

  private final List<Met> parts = new ArrayList<>();
  private BitSet places = new BitSet();
  private int mask;

  void add(Dictionary dictionary, Occurrences found) {
    parts.add(new Met(dictionary, found));
  }

  /** Numbers the values that may have been met more than once, and adds them to the weights. */
  void settle(FieldIds ids, NumberWeights numbered) {
    long met = parts.stream().mapToLong(part -> part.size).sum();
    int room = (int) Math.min(MOST_PLACES, Long.highestOneBit(PLACES_OF_EACH * met + 1));
    mask = room - 1;
    places = new BitSet(room);
    BitSet again = new BitSet(room);
    for (Met part : parts) {
      for (int i = 0; i < part.size; i++) {
        int place = part.hashes[i] & mask;
        if (places.get(place)) {
          again.set(place);
        } else {
          places.set(place);
        }
      }
    }
    parts.forEach(part -> settle(part, again, ids, numbered));
  }

  private void settle(Met part, BitSet again, FieldIds ids, NumberWeights numbered) {
    int[] others = new int[part.size];
    long[] weights = new long[part.size];
    int lone = 0;
    int left = 0;
    for (int i = 0; i < part.size; i++) {
      if (again.get(part.hashes[i] & mask)) {
        others[left] = part.codes[i];
        weights[left++] = part.weights[i];
      } else {
        part.codes[lone] = part.codes[i];
        part.weights[lone++] = part.weights[i];
      }
    }
    part.size = lone;
    ids.number(part.dictionary, others, left);
    for (int i = 0; i < left; i++) {
      numbered.add(others[i], weights[i]);
    }
  }

  /** What each of them weighs. */
  long[] weights() {
    return parts.stream()
        .flatMapToLong(part -> Arrays.stream(part.weights, 0, part.size))
        .toArray();
  }

  /** Those that weigh more than this. */
  List<Weighed> heavierThan(long cut) {
    List<Weighed> found = new ArrayList<>();
    for (Met part : parts) {
      for (int i = 0; i < part.size; i++) {
        if (part.weights[i] > cut) {
          found.add(new Weighed(part.dictionary.value(part.codes[i]), part.weights[i]));
        }
      }
    }
    return found;
  }

  /** A value, and what the selected rows that have it weigh. */
  record Weighed(Value value, long weight) {}

  boolean has(Value value) {
    for (Met part : parts) {
      int code = part.dictionary.code(value);
      if (code == Column.ABSENT) {
        continue;
      }
      int[] hash = new int[1];
      part.dictionary.hashes(new int[] {code}, 1, hash);
      for (int i = 0; i < part.size && places.get(hash[0] & mask); i++) {
        if (part.codes[i] == code) {
          return true;
        }
      }
    }
    return false;
  }
}
