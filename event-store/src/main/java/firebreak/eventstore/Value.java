package firebreak.eventstore;

/**
 * The value of a field: text, a whole number, a real number or a truth value.
 *
 * <p>Two values are equal when they have the same type and content; a number that is whole has one
 * form only, so 200 equals 200.0 and never "200". Make numbers through {@link #number}.
 */
public sealed interface Value extends Comparable<Value> {

  /** A string of characters. */
  record Text(String text) implements Value {}

  /** A whole number. */
  record Whole(long number) implements Value {}

  /** A finite number that is not whole, or is too large to be exact as a {@link Whole}. */
  record Real(double number) implements Value {
    public Real {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("a number must be finite, was " + number);
      }
      if (isExactlyWhole(number)) {
        throw new IllegalArgumentException("a whole number is a Whole, was " + number);
      }
    }
  }

  /** True or false. */
  record Truth(boolean truth) implements Value {
    private static final Truth TRUE = new Truth(true);
    private static final Truth FALSE = new Truth(false);
  }

  static Value of(String text) {
    return new Text(text);
  }

  static Value of(boolean truth) {
    return truth ? Truth.TRUE : Truth.FALSE;
  }

  static Value of(long number) {
    return new Whole(number);
  }

  /**
   * The one form of a number; NaN and the infinities, which no calculation can use, become text.
   */
  static Value number(double number) {
    if (isExactlyWhole(number)) {
      return new Whole((long) number);
    }
    return Double.isFinite(number) ? new Real(number) : new Text(Double.toString(number));
  }

  private static boolean isExactlyWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) <= (1L << 53);
  }

  /** Whether calculations such as SUM and P99 can use this value. */
  default boolean isNumber() {
    return this instanceof Whole || this instanceof Real;
  }

  /** The number, or NaN for text and truth values. */
  default double asDouble() {
    return switch (this) {
      case Whole whole -> whole.number();
      case Real real -> real.number();
      case Text _, Truth _ -> Double.NaN;
    };
  }

  /** The value as a person would write it. */
  default String display() {
    return switch (this) {
      case Text text -> text.text();
      case Whole whole -> Long.toString(whole.number());
      case Real real -> Double.toString(real.number());
      case Truth truth -> Boolean.toString(truth.truth());
    };
  }

  /** A total order: truth values, then numbers by size, then text by code unit. */
  @Override
  default int compareTo(Value other) {
    if (this instanceof Whole a && other instanceof Whole b) {
      return Long.compare(a.number(), b.number());
    }
    if (isNumber() && other.isNumber()) {
      return Double.compare(asDouble(), other.asDouble());
    }
    if (this instanceof Text a && other instanceof Text b) {
      return a.text().compareTo(b.text());
    }
    if (this instanceof Truth a && other instanceof Truth b) {
      return Boolean.compare(a.truth(), b.truth());
    }
    return Integer.compare(rank(), other.rank());
  }

  private int rank() {
    return switch (this) {
      case Truth _ -> 0;
      case Whole _, Real _ -> 1;
      case Text _ -> 2;
    };
  }
}
