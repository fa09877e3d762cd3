package firebreak.eventstore.execution;

/** Finds the number of a rank without sorting all. */
final class Ranked {
  /** Up to so many numbers are put in order one by one. */
  private static final int FEW = 24;

  private Ranked() {}

  /** The smallest number of [from, to) with so many thousandths of them at or below it. */
  static double percentile(double[] numbers, int from, int to, int thousandths) {
    long wanted = Math.ceilDiv((long) thousandths * (to - from), 1_000L);
    return nth(numbers, from, to, (int) Math.max(0, wanted - 1));
  }

  /** The number that would be at {@code from + rank} if [from, to) were in order. */
  static double nth(double[] numbers, int from, int to, int rank) {
    int low = from;
    int high = to - 1;
    int wanted = from + rank;
    while (high - low >= FEW) {
      double pivot = pivot(numbers, low, high);
      int i = low;
      int j = high;
      while (i <= j) {
        while (numbers[i] < pivot) {
          i++;
        }
        while (numbers[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swapped = numbers[i];
          numbers[i++] = numbers[j];
          numbers[j--] = swapped;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        return numbers[wanted];
      }
    }
    for (int i = low + 1; i <= high; i++) {
      double number = numbers[i];
      int j = i - 1;
      while (j >= low && numbers[j] > number) {
        numbers[j + 1] = numbers[j];
        j--;
      }
      numbers[j + 1] = number;
    }
    return numbers[wanted];
  }

  /** The smallest number of [from, to) with so many thousandths of the weight at or below it. */
  static double percentile(double[] numbers, long[] weights, int from, int to, int thousandths) {
    long total = 0;
    for (int i = from; i < to; i++) {
      total += weights[i];
    }
    return reaching(
        numbers, weights, from, to, Math.max(1, Math.ceilDiv(thousandths * total, 1_000L)));
  }

  /** The smallest number of [from, to) with at least that weight at or below it. */
  static double reaching(double[] numbers, long[] weights, int from, int to, long weight) {
    int low = from;
    int high = to - 1;
    long wanted = weight;
    while (low < high) {
      double pivot = pivot(numbers, low, high);
      int i = low;
      int j = high;
      while (i <= j) {
        while (numbers[i] < pivot) {
          i++;
        }
        while (numbers[j] > pivot) {
          j--;
        }
        if (i <= j) {
          swap(numbers, weights, i++, j--);
        }
      }
      long below = 0;
      for (int k = low; k <= j; k++) {
        below += weights[k];
      }
      if (wanted <= below) {
        high = j;
        continue;
      }
      wanted -= below;
      // What lies between the two is one number, equal to the pivot.
      long equal = i - j == 2 ? weights[j + 1] : 0;
      if (wanted <= equal) {
        return numbers[j + 1];
      }
      wanted -= equal;
      low = i;
    }
    return numbers[low];
  }

  private static void swap(double[] numbers, long[] weights, int i, int j) {
    double number = numbers[i];
    numbers[i] = numbers[j];
    numbers[j] = number;
    long weight = weights[i];
    weights[i] = weights[j];
    weights[j] = weight;
  }

  private static double pivot(double[] numbers, int low, int high) {
    double a = numbers[low];
    double b = numbers[(low + high) >>> 1];
    double c = numbers[high];
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
