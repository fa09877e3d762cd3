package firebreak.eventstore.columns;

import firebreak.eventstore.Value;

/**
 * Numbers that can be read without loss: either all are whole, or all are exact as doubles. Whole
 * numbers that no double holds never stand beside real ones.
 */
interface ExactNumbers extends Numbers {
  long LARGEST_SAFE = 1L << 53;

  /** Whether {@link #exact} tells whole numbers, else the bits of doubles. */
  boolean isWhole();

  /** Reads the rows from {@code from} on; where a row has no number {@code present} is false. */
  void exact(int from, int count, long[] into, boolean[] present);

  /** Whether a whole number, and every one nearer to zero, is exact as a double. */
  static boolean isSafe(long number) {
    return number >= -LARGEST_SAFE && number <= LARGEST_SAFE;
  }

  static Value value(boolean whole, long bits) {
    return whole ? Value.of(bits) : Value.number(Double.longBitsToDouble(bits));
  }

  static double asDouble(boolean whole, long bits) {
    return whole ? bits : Double.longBitsToDouble(bits);
  }
}
