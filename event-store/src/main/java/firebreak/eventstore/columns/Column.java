package firebreak.eventstore.columns;

import firebreak.eventstore.Value;
import org.jspecify.annotations.Nullable;

/** One field over the rows of a part: values by code, or numbers by size. */
public sealed interface Column {
  /**
   * A field whose different numbers are at most so many lies as {@link Coded}; one with more, and
   * nothing but numbers in it, as {@link Measured}.
   */
  int CODED_NUMBERS = 4_096;

  /** Code 0, of {@link Coded#codes} and of {@link Measured#bins}: the row lacks the field. */
  int ABSENT = 0;

  /** The value of a row; null where it lacks the field. */
  @Nullable Value value(int row);

  /** Values of any type, each row naming one of a dictionary by its code. */
  non-sealed interface Coded extends Column {
    Codes codes();

    Dictionary dictionary();

    /** What the rows of each code weigh together; null where they must be counted. */
    @Nullable Marginals marginals();

    @Override
    default @Nullable Value value(int row) {
      int code = codes().at(row);
      return code == ABSENT ? null : dictionary().value(code);
    }
  }

  /** Numbers of which there are too many different ones to have a code each. */
  non-sealed interface Measured extends Column {
    Numbers numbers();

    /** The heatmap bin of each row's number, counted from {@link #lowestBin}, plus one. */
    Codes bins();

    /** The number of the heatmap bin whose code is 1. */
    int lowestBin();

    /** The highest code in {@link #bins}. */
    int highestCode();

    /** What the rows of each bin weigh together; null where they must be counted. */
    @Nullable Marginals marginals();
  }
}
