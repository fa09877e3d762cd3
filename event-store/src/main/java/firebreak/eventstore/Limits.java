package firebreak.eventstore;

import java.time.Duration;

/** What the store accepts and answers at most. */
public final class Limits {
  public static final int FIELDS_PER_EVENT = 1_000;
  public static final int FIELDS_PER_DATASET = 2_000;
  public static final int FIELD_NAME_BYTES = 256;

  /** Longer text is cut and marked, so that nothing accepted can be refused by the index later. */
  public static final int TEXT_BYTES = 64 * 1024;

  public static final int BREAKDOWNS = 100;
  public static final int CALCULATIONS = 100;
  public static final int FILTERS = 100;
  public static final int ROWS = 10_000;
  public static final int TIME_BUCKETS = 1_000;
  public static final Duration QUERY_TIME = Duration.ofSeconds(10);

  private Limits() {}
}
