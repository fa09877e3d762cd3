package firebreak.eventstore.columns;

import org.jspecify.annotations.Nullable;

/**
 * The whole numbers as which numbers are written: themselves, multiples of a negative power of ten,
 * or where there is no such power, the bits of doubles.
 *
 * @param scale the power, or {@link #BITS}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record DecimalForm(int scale, long[] numbers) {
  /** Stands for a scale: the numbers are the bits of doubles. */
  static final int BITS = 10;

  private static final int MOST_DECIMALS = 9;

  /** Up to here, a number times a power of ten rounds to the right whole number. */
  private static final double LARGEST = 1L << 50;

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  static DecimalForm of(FieldValues.ByNumber values) {
    if (values.whole()) {
      return new DecimalForm(0, values.bits());
    }
    int scale = scale(values.bits(), values.present());
    long[] numbers = scale == BITS ? null : numbers(values.bits(), values.present(), scale);
    return numbers == null ? new DecimalForm(BITS, values.bits()) : new DecimalForm(scale, numbers);
  }

  /** The double that a number stands for. */
  static double asDouble(long number, int scale) {
    return scale == 0
        ? number
        : scale == BITS ? Double.longBitsToDouble(number) : number / POWERS[scale];
  }

  /** By what the numbers of a scale, which is not {@link #BITS}, are divided. */
  static double divisor(int scale) {
    return POWERS[scale];
  }

  private static int scale(long[] bits, boolean[] present) {
    int scale = 0;
    for (int i = 0; i < bits.length; i++) {
      if (present[i]) {
        double number = Double.longBitsToDouble(bits[i]);
        while (!isExact(number, scale)) {
          if (++scale > MOST_DECIMALS) {
            return BITS;
          }
        }
      }
    }
    return scale;
  }

  private static boolean isExact(double number, int scale) {
    double scaled = Math.rint(number * POWERS[scale]);
    return Math.abs(scaled) <= LARGEST && scaled / POWERS[scale] == number;
  }

  private static long @Nullable [] numbers(long[] bits, boolean[] present, int scale) {
    long[] numbers = new long[bits.length];
    for (int i = 0; i < bits.length; i++) {
      if (present[i]) {
        double number = Double.longBitsToDouble(bits[i]);
        if (!isExact(number, scale)) {
          return null;
        }
        numbers[i] = (long) Math.rint(number * POWERS[scale]);
      }
    }
    return numbers;
  }
}
