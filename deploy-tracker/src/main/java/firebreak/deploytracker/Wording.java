package firebreak.deploytracker;

import firebreak.bubbleup.Interval;
import java.util.Locale;

/** Numbers as sentences carry them. */
final class Wording {
  private Wording() {}

  /** {@code 21 %}, {@code 4.1 %}, {@code 0.02 %}. */
  static String percent(double share) {
    double percent = 100 * share;
    int digits = percent == 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + digits + "f %%", percent);
  }

  /** {@code 45 s}, {@code 3 min 30 s}, {@code 2 h 5 min}. */
  static String duration(long seconds) {
    long minutes = seconds / 60;
    if (minutes == 0) {
      return seconds + " s";
    }
    return minutes < 60
        ? minutes + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s")
        : minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }

  /** {@code risk ratio 1.02, 0.91–1.14}. */
  static String riskRatio(double ratio, Interval interval) {
    return String.format(
        Locale.ROOT, "risk ratio %.2f, %.2f–%.2f", ratio, interval.low(), interval.high());
  }

  /** {@code 0 of 312}. */
  static String of(Tally tally) {
    return tally.bad() + " of " + tally.events();
  }

  /** {@code p = 0.003}, {@code p = 2e-06}. */
  static String pValue(double p) {
    return p >= 0.001
        ? String.format(Locale.ROOT, "p = %.3f", p)
        : String.format(Locale.ROOT, "p = %.0e", p);
  }
}
