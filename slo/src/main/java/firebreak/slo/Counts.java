package firebreak.slo;

/** Eligible events and the bad ones among them, weighed by sample rate. */
public record Counts(long eligible, long bad) {
  public static final Counts NONE = new Counts(0, 0);

  public Counts {
    if (bad < 0 || eligible < bad) {
      throw new IllegalArgumentException(
          "bad must lie between 0 and eligible, was %d of %d".formatted(bad, eligible));
    }
  }

  public Counts plus(Counts other) {
    return new Counts(eligible + other.eligible, bad + other.bad);
  }

  /** How many times faster than allowed the budget is spent; NaN when nothing was eligible. */
  public double burnRate(double budgetShare) {
    return eligible == 0 ? Double.NaN : (double) bad / eligible / budgetShare;
  }
}
