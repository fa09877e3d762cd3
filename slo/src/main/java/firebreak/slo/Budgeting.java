package firebreak.slo;

import java.time.Duration;

/**
 * What an error budget is counted in, as OpenSLO's {@code budgetingMethod} says.
 *
 * <p>A slice is a stretch of event time, aligned to 1970. It counts once it is over; one in which
 * nothing was eligible does not count.
 */
public sealed interface Budgeting {

  /** How many units of the counts make one event or slice. */
  long unitsEach();

  /** In events, of which each weighs the same. */
  record Occurrences() implements Budgeting {
    @Override
    public long unitsEach() {
      return 1;
    }
  }

  /**
   * In slices, each good or bad as a whole: good when the share of good events compares to the
   * target so.
   *
   * @param above whether a share that equals the target is too low
   */
  record Timeslices(Duration slice, double sliceTarget, boolean above) implements Budgeting {
    public Timeslices {
      checkSlice(slice);
      if (!(sliceTarget >= 0 && sliceTarget <= 1)) {
        throw new IllegalArgumentException(
            "the target of a slice lies between 0 and 1, was " + sliceTarget);
      }
    }

    @Override
    public long unitsEach() {
      return 1;
    }

    boolean isGood(Counts events) {
      double good = (double) (events.eligible() - events.bad()) / events.eligible();
      return above ? good > sliceTarget : good >= sliceTarget;
    }
  }

  /** In slices, each as good as its share of good events, to a millionth. */
  record RatioTimeslices(Duration slice) implements Budgeting {
    private static final long MILLION = 1_000_000;

    public RatioTimeslices {
      checkSlice(slice);
    }

    @Override
    public long unitsEach() {
      return MILLION;
    }
  }

  private static void checkSlice(Duration slice) {
    if (!slice.isPositive()
        || slice.compareTo(Duration.ofDays(1)) > 0
        || slice.toMillis() % (1_000L * Ledger.BUCKET_SECONDS) != 0) {
      throw new IllegalArgumentException(
          "a slice is a multiple of ten seconds and at most a day, was " + slice);
    }
  }

  /** The length of a slice; zero where none are made. */
  default Duration slice() {
    return switch (this) {
      case Occurrences _ -> Duration.ZERO;
      case Timeslices(Duration slice, _, _) -> slice;
      case RatioTimeslices(Duration slice) -> slice;
    };
  }

  /** What the events of one slice are worth, in units. */
  default Counts worth(Counts events) {
    if (events.eligible() == 0) {
      return Counts.NONE;
    }
    return switch (this) {
      case Occurrences _ -> events;
      case Timeslices slices -> new Counts(1, slices.isGood(events) ? 0 : 1);
      case RatioTimeslices _ ->
          new Counts(
              unitsEach(), Math.round((double) unitsEach() * events.bad() / events.eligible()));
    };
  }
}
