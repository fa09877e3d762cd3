package firebreak.eventstore.columns;

/** The heatmap bins of numbers, worked out as they are read. */
final class NumberBins extends Codes {
  private static final int CHUNK = 1_024;

  private final Numbers numbers;
  private final int lowestBin;

  NumberBins(Numbers numbers, int lowestBin) {
    this.numbers = numbers;
    this.lowestBin = lowestBin;
  }

  @Override
  public int at(int row) {
    return code(numbers.at(row));
  }

  private int code(double number) {
    return Double.isNaN(number) ? Column.ABSENT : HeatmapBins.number(number) - lowestBin + 1;
  }

  @Override
  public void read(int from, int count, int[] into) {
    double[] chunk = new double[Math.min(CHUNK, count)];
    for (int done = 0; done < count; done += CHUNK) {
      int size = Math.min(CHUNK, count - done);
      numbers.read(from + done, size, chunk);
      for (int i = 0; i < size; i++) {
        into[done + i] = code(chunk[i]);
      }
    }
  }
}
