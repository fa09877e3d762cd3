package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Dictionary;
import java.util.Arrays;

/**
 * The hashes of a dictionary's values, by code, as far as they were asked for. Many threads may ask
 * at once: each writes the same hash in the same place.
 */
final class KnownHashes {
  private static final int UNKNOWN = 0;
  private static final int CHUNK = 4_096;

  private final int[] ofCode;

  /** Of the codes up to {@code size}. */
  KnownHashes(int size) {
    this(new int[size + 1]);
  }

  private KnownHashes(int[] ofCode) {
    this.ofCode = ofCode;
  }

  /** The same, with room for the codes of a dictionary that has grown. */
  KnownHashes reaching(int size) {
    return size < ofCode.length ? this : new KnownHashes(Arrays.copyOf(ofCode, size + 1));
  }

  long bytes() {
    return (long) Integer.BYTES * ofCode.length;
  }

  /** Reads the hash of each code; those that are not known yet are found out. */
  void read(Dictionary dictionary, int[] codes, int[] into) {
    int[] places = new int[Math.min(CHUNK, into.length)];
    int waiting = 0;
    for (int i = 0; i < into.length; i++) {
      into[i] = ofCode[codes[i]];
      if (into[i] == UNKNOWN) {
        places[waiting++] = i;
        if (waiting == places.length) {
          learn(dictionary, codes, places, waiting, into);
          waiting = 0;
        }
      }
    }
    learn(dictionary, codes, places, waiting, into);
  }

  private void learn(Dictionary dictionary, int[] codes, int[] places, int count, int[] into) {
    int[] unknown = new int[count];
    int[] hashes = new int[count];
    for (int i = 0; i < count; i++) {
      unknown[i] = codes[places[i]];
    }
    dictionary.hashes(unknown, count, hashes);
    for (int i = 0; i < count; i++) {
      ofCode[unknown[i]] = hashes[i];
      into[places[i]] = hashes[i];
    }
  }
}
