package firebreak.bench.kernels;

/**
 * A loop, the sum that reads as many bytes, and the bound between the two.
 *
 * <p>A bound is about twice what was measured when it was set: it is there to catch a loop that the
 * compiler no longer makes tight, not to hold a record.
 */
enum Kernel {
  COUNT_BYTES("countBytes", "sumOneByte", 25),
  COUNT_CHARS("countChars", "sumTwoBytes", 12),
  COUNT_INTS("countInts", "sumFourBytes", 12),
  COUNT_PICKED_ROWS("countPickedRows", "sumOneByte", 2),
  GATHER_CODES("gatherCodes", "sumFourBytes", 1),
  GATHER_NUMBERS("gatherNumbers", "sumFourBytes", 5),
  SELECT_BYTES("selectBytes", "sumOneByte", 90),
  UNPACK("unpack", "sumTwoBytes", 12);

  private final String loop;
  private final String sum;
  private final double bound;

  Kernel(String loop, String sum, double bound) {
    this.loop = loop;
    this.sum = sum;
    this.bound = bound;
  }

  String loop() {
    return loop;
  }

  String sum() {
    return sum;
  }

  /** How many times as long as the sum the loop may take. */
  double bound() {
    return bound;
  }
}
