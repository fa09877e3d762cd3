package firebreak.bubbleup;

import firebreak.eventstore.Value;
import java.util.List;

/** One field in which the selected events differ from the rest. */
public sealed interface Difference {
  String field();

  /** Share of the selected events, and of the baseline's, that are on the telling side, 0 to 1. */
  double selectionShare();

  double baselineShare();

  /** Selected events beyond what the rest's rate would have made of those that carry the value. */
  double excess();

  /** Adjusted for all that was tested. */
  double pValue();

  /** A value that is commoner among the selected. */
  record Dimension(
      String field,
      Value value,
      double selectionShare,
      double baselineShare,
      double excess,
      double pValue)
      implements Difference {}

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
      double excess,
      double pValue)
      implements Difference {}

  /** Shares of both sides in the bucket [low, high). */
  record Bar(double low, double high, double selectionShare, double baselineShare) {}
}
