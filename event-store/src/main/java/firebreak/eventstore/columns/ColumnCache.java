package firebreak.eventstore.columns;

/** Columns of part files, decoded, up to a budget of bytes. */
public final class ColumnCache {
  private final long budget;

  /**
   * @param budget how many bytes decoded columns may take together
   */
  public ColumnCache(long budget) {
    this.budget = budget;
  }

  long budget() {
    return budget;
  }
}
