package firebreak.bench.guard;

import java.util.List;

/**
 * One incident to play.
 *
 * @param badShare the share of requests that fails where it fails
 * @param exposure the share of units that the first flag reaches, the guilty one where one is
 * @param perMinute requests
 * @param seconds how long it fails
 */
record Case(
    Fault fault,
    double badShare,
    double exposure,
    int units,
    double perMinute,
    int seconds,
    long seed) {
  static final List<Double> BAD_SHARES = List.of(1.0, 0.2, 0.05, 0.02);
  static final List<Double> EXPOSURES = List.of(0.01, 0.1, 0.5, 1.0);

  private static final int SMALL = 40;
  private static final int LARGE = 4_000;
  private static final int MEDIUM = 600;
  private static final int USUAL = 200;

  /** The fault of the i-th case, so that in every twenty each kind has its part. */
  private static Fault fault(int i) {
    return switch (i % 20) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> Fault.FLAG;
      case 8, 9, 10 -> Fault.FLAG_FEW;
      case 11 -> Fault.COINCIDENCE;
      case 12 -> Fault.BACKEND;
      case 13, 14 -> Fault.REGION;
      case 15, 16 -> Fault.SOME_CUSTOMERS;
      case 17 -> Fault.CUSTOMER;
      case 18 -> Fault.FORGED;
      default -> Fault.SILENT;
    };
  }

  static Case of(int i, long firstSeed) {
    Fault fault = fault(i);
    int round = i / 20 + i;
    double bad = BAD_SHARES.get(round % BAD_SHARES.size());
    double exposure =
        fault == Fault.FLAG_FEW || fault == Fault.COINCIDENCE
            ? 0.5
            : EXPOSURES.get(round / BAD_SHARES.size() % EXPOSURES.size());
    boolean isSmall = round / 16 % 5 == 0;
    int units = isSmall ? SMALL : exposure < 0.1 ? LARGE : exposure < 0.5 ? MEDIUM : USUAL;
    double perMinute = units >= LARGE ? 6_000 : 3_000;
    int seconds = (int) Trial.LASTS.toSeconds();
    return new Case(fault, bad, exposure, units, perMinute, seconds, firstSeed * 1_000_003 + i);
  }
}
