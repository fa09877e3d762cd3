package firebreak.eventstore.execution;

/**
 * Which hashes were met, and which of them more than once: two bits for each place. Two hashes may
 * share a place, so that one that was met once may seem to be met again, but never the other way
 * round.
 */
final class HashPlaces {
  /** So many places for each hash that is met, and few fall on one by chance. */
  private static final int PLACES_OF_EACH = 16;

  private static final int MOST_PLACES = 1 << 26;
  private static final int LEAST_PLACES = 64;
  private static final int BITS = 2;
  private static final int A_LONG = Long.SIZE / BITS;
  private static final long MET = 1;
  private static final long AGAIN = 2;

  private final long[] places;
  private final int mask;

  /**
   * Makes room.
   *
   * @param most how many will be met at the most
   */
  HashPlaces(long most) {
    long wanted = Long.highestOneBit(PLACES_OF_EACH * most + 1);
    int room = Math.clamp(wanted, LEAST_PLACES, MOST_PLACES);
    places = new long[room / A_LONG];
    mask = room - 1;
  }

  /** Takes note of one, and tells whether its place was met before. */
  boolean meet(int hash) {
    int place = hash & mask;
    int shift = place * BITS;
    long before = places[place / A_LONG];
    long wasMet = (before >>> shift) & MET;
    places[place / A_LONG] = before | ((MET | (wasMet << 1)) << shift);
    return wasMet != 0;
  }

  boolean isMet(int hash) {
    return (state(hash) & MET) != 0;
  }

  boolean isMetAgain(int hash) {
    return (state(hash) & AGAIN) != 0;
  }

  private long state(int hash) {
    int place = hash & mask;
    return places[place / A_LONG] >>> (place * BITS);
  }
}
