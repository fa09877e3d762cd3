package firebreak.eventstore.execution;

import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Values of selected rows that have no numbers beforehand. Of ids most are met once: that a hash
 * tells, and spares the numbering of each.
 */
final class LoneValues {
  private static final int MIX = 0x9E3779B1;

  /** What was met in one part. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Met(Dictionary dictionary, Occurrences found, int[] hashes) {
    int size() {
      return hashes.length;
    }

    int code(int index) {
      return found.codes()[index];
    }
  }

  private final List<Met> parts = new ArrayList<>();
  private HashPlaces places = new HashPlaces(0);

  /** Of the hashes that share a place with another, by other bits of theirs. */
  private HashPlaces shared = new HashPlaces(0);

  /** How many lone values there are of parts where every row weighs 1. */
  private long ones;

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
    places = new HashPlaces(parts.stream().mapToLong(Met::size).sum());
    long again = 0;
    for (Met part : parts) {
      for (int hash : part.hashes) {
        again += places.meet(hash) ? 1 : 0;
      }
    }
    shared = new HashPlaces(2 * again);
    for (Met part : parts) {
      for (int hash : part.hashes) {
        if (places.isMetAgain(hash)) {
          shared.meet(mixed(hash));
        }
      }
    }
    parts.forEach(part -> settle(part, ids, numbered));
  }

  private boolean isLone(int hash) {
    return !places.isMetAgain(hash) || !shared.isMetAgain(mixed(hash));
  }

  /** Brings the higher bits down, which tell apart those of which the lower ones are equal. */
  private static int mixed(int hash) {
    return Integer.rotateRight(hash * MIX, Short.SIZE);
  }

  private void settle(Met part, FieldIds ids, NumberWeights numbered) {
    int[] others = new int[16];
    long[] weights = new long[16];
    int left = 0;
    for (int i = 0; i < part.size(); i++) {
      if (!isLone(part.hashes[i])) {
        others = Accumulator.reach(others, left);
        weights = Accumulator.reach(weights, left);
        others[left] = part.code(i);
        weights[left++] = part.found.weight(i);
      }
    }
    ones += part.found.isWeighted() ? 0 : part.size() - left;
    ids.number(part.dictionary, others, left);
    for (int i = 0; i < left; i++) {
      numbered.add(others[i], weights[i]);
    }
  }

  /** How many of them there are of parts where every row weighs 1. */
  long ones() {
    return ones;
  }

  /** What each of the others weighs. */
  long[] weights() {
    LongStream.Builder weights = LongStream.builder();
    for (Met part : parts) {
      for (int i = 0; i < part.size() && part.found.isWeighted(); i++) {
        if (isLone(part.hashes[i])) {
          weights.add(part.found.weight(i));
        }
      }
    }
    return weights.build().toArray();
  }

  /** Those that weigh more than this. */
  List<Weighed> heavierThan(long cut) {
    List<Weighed> found = new ArrayList<>();
    for (Met part : parts) {
      boolean isNone = !part.found.isWeighted() && cut >= 1;
      for (int i = 0; i < part.size() && !isNone; i++) {
        if (part.found.weight(i) > cut && isLone(part.hashes[i])) {
          found.add(new Weighed(part.dictionary.value(part.code(i)), part.found.weight(i)));
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
      for (int i = 0; i < part.size() && places.isMet(hash[0]) && isLone(hash[0]); i++) {
        if (part.code(i) == code) {
          return true;
        }
      }
    }
    return false;
  }
}
