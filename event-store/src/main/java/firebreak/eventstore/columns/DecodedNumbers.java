package firebreak.eventstore.columns;

/** Numbers of a part file as they lie in the cache; NaN where a row has none. */
sealed interface DecodedNumbers {
  double at(int row);

  void read(int from, int count, double[] into);

  void gather(int[] rows, int count, double[] into);

  /**
   * Whole numbers, to be moved by {@code start} and divided by {@code divisor}.
   *
   * @param zeroIsAbsent whether 0 stands for a row that has no number
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Ints(int[] offsets, boolean zeroIsAbsent, long start, double divisor)
      implements DecodedNumbers {
    private static final long MASK = 0xFFFF_FFFFL;

    private double number(int offset) {
      return offset == 0 && zeroIsAbsent ? Double.NaN : (start + (offset & MASK)) / divisor;
    }

    @Override
    public double at(int row) {
      return number(offsets[row]);
    }

    @Override
    public void read(int from, int count, double[] into) {
      for (int i = 0; i < count; i++) {
        into[i] = (start + (offsets[from + i] & MASK)) / divisor;
      }
      for (int i = 0; i < count && zeroIsAbsent; i++) {
        if (offsets[from + i] == 0) {
          into[i] = Double.NaN;
        }
      }
    }

    @Override
    public void gather(int[] rows, int count, double[] into) {
      for (int i = 0; i < count; i++) {
        into[i] = number(offsets[rows[i]]);
      }
    }
  }

  /** Numbers as doubles. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Doubles(double[] numbers) implements DecodedNumbers {
    @Override
    public double at(int row) {
      return numbers[row];
    }

    @Override
    public void read(int from, int count, double[] into) {
      System.arraycopy(numbers, from, into, 0, count);
    }

    @Override
    public void gather(int[] rows, int count, double[] into) {
      for (int i = 0; i < count; i++) {
        into[i] = numbers[rows[i]];
      }
    }
  }
}
