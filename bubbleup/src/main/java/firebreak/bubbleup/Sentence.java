package firebreak.bubbleup;

import java.util.Locale;

/** A row of an explanation in plain words. */
final class Sentence {
  private static final double PERCENT = 100;
  private static final double SMALL = 10;

  private Sentence() {}

  static String of(String what, double rate, double restRate, double excess, Interval interval) {
    return "%s: %s of these events are selected, of the others %s; %s (%s to %s) more than if they were like the others"
        .formatted(
            what,
            percent(rate),
            percent(restRate),
            count(excess),
            count(interval.low()),
            count(interval.high()));
  }

  private static String percent(double share) {
    double percent = PERCENT * share;
    return String.format(
        Locale.ROOT, percent == 0 || percent >= SMALL ? "%.0f %%" : "%.2g %%", percent);
  }

  private static String count(double events) {
    return String.format(Locale.ROOT, "%,.0f", events);
  }
}
