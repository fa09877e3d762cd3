package firebreak.bubbleup;

import org.jspecify.annotations.Nullable;

/** A range that holds the true value in 95 of 100 cases. */
public record Interval(double low, double high) {

  /** The normal deviate that leaves 2.5 % on either side. */
  public static final double DEVIATE_95 = 1.959963984540054;

  /** The interval, or just the value where none was kept. */
  static Interval orPoint(@Nullable Interval interval, double value) {
    return interval == null ? new Interval(value, value) : interval;
  }

  /** Wilson's interval for a share, which keeps its promise for small counts and shares near 0. */
  public static Interval wilson(double hits, double trials) {
    if (!(trials > 0)) {
      return new Interval(0, 1);
    }
    double z2 = DEVIATE_95 * DEVIATE_95;
    double rate = hits / trials;
    double middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
    double half =
        DEVIATE_95
            * Math.sqrt(rate * (1 - rate) / trials + z2 / (4 * trials * trials))
            / (1 + z2 / trials);
    return new Interval(
        hits <= 0 ? 0 : Math.max(0, middle - half),
        hits >= trials ? 1 : Math.min(1, middle + half));
  }
}
