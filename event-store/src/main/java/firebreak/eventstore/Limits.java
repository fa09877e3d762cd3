package firebreak.eventstore;

import java.time.Duration;

/** What the store accepts and answers at most. */
public final class Limits {
  public static final int FIELDS_PER_EVENT = 1_000;
  public static final int FIELDS_PER_DATASET = 2_000;
  public static final int FIELD_NAME_BYTES = 256;

  /** Shapes of events, and beginnings of shapes, that are remembered. */
  public static final int SHAPES = 100_000;

  /** Longer text is cut and marked, so that nothing accepted can be refused by the index later. */
  public static final int TEXT_BYTES = 64 * 1024;

  public static final int BREAKDOWNS = 100;
  public static final int CALCULATIONS = 100;
  public static final int FILTERS = 100;
  public static final int DERIVED_COLUMNS = 100;

  /** The text of a formula, in characters. */
  public static final int FORMULA_LENGTH = 4_095;

  /** How deep the calls of a formula may be nested. */
  public static final int FORMULA_DEPTH = 50;

  /** A regular expression in a formula, in characters. */
  public static final int PATTERN_LENGTH = 1_000;

  /** The steps of a regular expression whose repetitions are written out. */
  public static final int PATTERN_STEPS = 2_000;

  public static final int ROWS = 10_000;
  public static final int TIME_BUCKETS = 1_000;
  public static final Duration QUERY_TIME = Duration.ofSeconds(10);

  public static final int DATASETS = 1_000;
  public static final int DATASET_NAME_BYTES = 256;

  /** Groups that a query may form, times the buckets in which each occurs. */
  public static final int GROUPS = 2_000_000;

  /** Values of a field that a contrast lists among those that selected events have. */
  public static final int CONTRAST_SELECTED = 250;

  /** Values of a field that a contrast lists among those that no selected event has. */
  public static final int CONTRAST_BASELINE = 100;

  /**
   * Of the values that no selected event has, a contrast lists those that weigh at least this part
   * of all events within: a thousandth. Lighter ones say nothing, and to find the heaviest of them
   * every value ever seen would have to be looked at.
   */
  public static final int CONTRAST_LEAST_PART = 1_000;

  /** Different numbers of a field up to which a contrast lists them as values. */
  public static final int CONTRAST_NUMBERS = 1_000;

  public static final int PATTERN_TERMS = 64;

  /** What a sender may name a batch by. */
  public static final int BATCH_KEY_BYTES = 256;

  /** How long the store remembers the key of a batch. */
  public static final Duration BATCH_KEY_TIME = Duration.ofDays(1);

  /** The widest bucket and the furthest comparison. */
  public static final Duration LONGEST = Duration.ofDays(36_525);

  /** One append, as it lies in the journal. */
  public static final int APPEND_BYTES = 64 * 1024 * 1024;

  /** Durable events that wait for the index; an append waits while there are more. */
  public static final int PENDING_EVENTS = 100_000;

  private Limits() {}
}
