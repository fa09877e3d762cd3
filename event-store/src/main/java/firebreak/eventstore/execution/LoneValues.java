package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of selected rows that have no numbers beforehand. Of ids most are met once: that a hash
 * tells, and spares the numbering of each.
 */
final class LoneValues {
  /** What was met in one part; the lone values come first, once they are settled. */
  private static final class Met {
    final Dictionary dictionary;
    final Occurrences found;
    final int[] hashes;
    int size;

    Met(Dictionary dictionary, Occurrences found, int[] hashes) {
      this.dictionary = dictionary;
      this.found = found;
      this.hashes = hashes;
      size = found.size();
    }
  }

  private final List<Met> parts = new ArrayList<>();
  private HashPlaces places = new HashPlaces(0);

  /**
   * Takes note of what was met in a part.
   *
   * @param known hashes of the dictionary's values; null where none are kept
   */
  void add(Dictionary dictionary, Occurrences found, @Nullable KnownHashes known) {
    int[] hashes = new int[found.size()];
    if (known == null) {
      dictionary.hashes(found.codes(), hashes.length, hashes);
    } else {
      known.read(dictionary, found.codes(), hashes);
    }
    parts.add(new Met(dictionary, found, hashes));
  }

  /** Numbers the values that may have been met more than once, and adds them to the weights. */
  void settle(FieldIds ids, NumberWeights numbered) {
    places = new HashPlaces(parts.stream().mapToLong(part -> part.size).sum());
    for (Met part : parts) {
      for (int hash : part.hashes) {
        places.meet(hash);
      }
    }
    parts.forEach(part -> settle(part, ids, numbered));
  }

  private void settle(Met part, FieldIds ids, NumberWeights numbered) {
    int[] codes = part.found.codes();
    int[] others = new int[16];
    long[] weights = new long[16];
    int lone = 0;
    int left = 0;
    for (int i = 0; i < part.size; i++) {
      if (places.isMetAgain(part.hashes[i])) {
        others = Accumulator.reach(others, left);
        weights = Accumulator.reach(weights, left);
        others[left] = codes[i];
        weights[left++] = part.found.weight(i);
      } else {
        part.found.move(i, lone++);
      }
    }
    part.size = lone;
    ids.number(part.dictionary, others, left);
    for (int i = 0; i < left; i++) {
      numbered.add(others[i], weights[i]);
    }
  }

  /** How many of them there are of parts where every row weighs 1. */
  long ones() {
    return parts.stream()
        .filter(part -> !part.found.isWeighted())
        .mapToLong(part -> part.size)
        .sum();
  }

  /** What each of the others weighs. */
  long[] weights() {
    return parts.stream()
        .filter(part -> part.found.isWeighted())
        .flatMapToLong(part -> Arrays.stream(part.found.weights(part.size)))
        .toArray();
  }

  /** Those that weigh more than this. */
  List<Weighed> heavierThan(long cut) {
    List<Weighed> found = new ArrayList<>();
    for (Met part : parts) {
      boolean isNone = !part.found.isWeighted() && cut >= 1;
      for (int i = 0; i < part.size && !isNone; i++) {
        if (part.found.weight(i) > cut) {
          Value value = part.dictionary.value(part.found.codes()[i]);
          found.add(new Weighed(value, part.found.weight(i)));
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
      for (int i = 0; i < part.size && places.isMet(hash[0]); i++) {
        if (part.found.codes()[i] == code) {
          return true;
        }
      }
    }
    return false;
  }
}
