package firebreak.bubbleup;

import firebreak.eventstore.Value;
import java.util.List;

/** One field in which the selected events differ from the rest. */
public sealed interface Difference {
  String field();

  /** Share of the selected events, and of the baseline's, that are on the telling side, 0 to 1. */
  double selectionShare();

  double baselineShare();

  /** Of the events on the telling side, those that are selected, 0 to 1; and of all others. */
  double rate();

  double restRate();

  /** Selected events beyond what the rest's rate would have made of those that carry the value. */
  double excess();

  /** In which the excess lies in 95 of 100 cases. */
  Interval excessInterval();

  /** Adjusted for all that was tested. */
  double pValue();

  /** What it means, as one sentence. */
  default String says() {
    String what =
        switch (this) {
          case Dimension dimension -> new Term(field(), dimension.value()).display();
          case Measure measure ->
              "%s %s %s"
                  .formatted(
                      field(),
                      measure.above() ? "at least" : "below",
                      Value.number(measure.split()).display());
        };
    return Sentence.of(what, rate(), restRate(), excess(), excessInterval());
  }

  /** A value that is commoner among the selected. */
  record Dimension(
      String field,
      Value value,
      double selectionShare,
      double baselineShare,
      double rate,
      double restRate,
      double excess,
      Interval excessInterval,
      double pValue)
      implements Difference {
    public Dimension {
      excessInterval = Interval.orPoint(excessInterval, excess);
    }
  }

  /**
   * A number whose distribution differs; the shares are of the events at or above {@code split}, or
   * below it when {@code above} is false.
   */
  record Measure(
      String field,
      double split,
      boolean above,
      List<Bar> histogram,
      double selectionShare,
      double baselineShare,
      double rate,
      double restRate,
      double excess,
      Interval excessInterval,
      double pValue)
      implements Difference {
    public Measure {
      excessInterval = Interval.orPoint(excessInterval, excess);
    }
  }

  /** Shares of both sides in the bucket [low, high). */
  record Bar(double low, double high, double selectionShare, double baselineShare) {}
}
