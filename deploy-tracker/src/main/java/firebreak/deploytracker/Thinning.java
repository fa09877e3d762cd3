package firebreak.deploytracker;

/**
 * How much less certain events make a rate when some stand for several: sums over their sample
 * rates, the bad ones and the good ones apart.
 *
 * <p>Bad and good events are often thinned at different rates, and it is the rarer kind that makes
 * a rate uncertain; so many events of weight one would leave the logarithm of the odds as uncertain
 * as these (Kish's effective sizes of both kinds, Survey Sampling, 1965, and the delta method).
 */
final class Thinning {
  private final Kish good;
  private final Kish bad;

  Thinning() {
    this(new Kish(), new Kish());
  }

  private Thinning(Kish good, Kish bad) {
    this.good = good;
    this.bad = bad;
  }

  void add(long sampleRate, boolean isBad) {
    (isBad ? bad : good).add((double) sampleRate);
  }

  /** The same thinning where there are so many, by weight, of which these are a part. */
  Thinning of(long goodWeight, long badWeight) {
    return new Thinning(good.of((double) goodWeight), bad.of((double) badWeight));
  }

  /** What a unit of weight counts as in a test. */
  double scale() {
    if (bad.sum == 0 || good.sum == 0) {
      return bad.plus(good).scale();
    }
    return (1 / bad.sum + 1 / good.sum) / (1 / bad.effective() + 1 / good.effective());
  }

  /** Sums from which Kish's effective sample size comes. */
  private static final class Kish {
    private double sum;
    private double squares;

    void add(double weight) {
      sum += weight;
      squares += weight * weight;
    }

    Kish of(double weight) {
      Kish whole = new Kish();
      whole.sum = weight;
      whole.squares = sum == 0 ? weight : squares * weight / sum;
      return whole;
    }

    Kish plus(Kish other) {
      Kish both = new Kish();
      both.sum = sum + other.sum;
      both.squares = squares + other.squares;
      return both;
    }

    double effective() {
      return sum * scale();
    }

    double scale() {
      return squares == 0 ? 1 : sum / squares;
    }
  }
}
