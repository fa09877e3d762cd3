package firebreak.bench.guard;

/**
 * What came of one incident.
 *
 * @param arm units on the smaller side of the first flag
 * @param urgent whether it burned enough for a rule, or a contrast of units, that may be acted upon
 * @param seconds from the onset to the act; NaN without one
 * @param spent of the budget of the objective's window, by then or by the end
 * @param lost the share of requests that lost a feature that worked for them
 * @param wholeFlag what turning the whole flag off would have cost of that
 */
record Ruling(
    Case of,
    int arm,
    boolean urgent,
    boolean acted,
    boolean right,
    double seconds,
    double spent,
    double lost,
    double wholeFlag,
    String told) {

  private static final int UNITS_PER_ARM = 30;

  boolean hasUnits() {
    return arm >= UNITS_PER_ARM;
  }
}
