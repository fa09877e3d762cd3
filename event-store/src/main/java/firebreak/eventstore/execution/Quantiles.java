package firebreak.eventstore.execution;

import firebreak.eventstore.Calculation.Operation;
import firebreak.eventstore.QueryResult.Cell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exact percentiles of a field in a bounded number of spots: the first reading counts bins, which
 * tells the bin that each percentile lies in; the second gathers the numbers of those bins alone.
 */
final class Quantiles extends Accumulator {
  private final String field;
  private final Histogram bins;
  private final Map<Question, Answer> answers = new HashMap<>();
  private @Nullable Gathering gathering;

  /** A percentile of the unions of a level. */
  private record Question(Level level, Operation operation) {}

  /** For each union the bin of the percentile, 0 for none, and the weight that lies below it. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(int[] bins, long[] wanted) {}

  Quantiles(String field, BinScale scale) {
    this.field = field;
    bins = new Histogram(field, scale);
  }

  @Override
  void add(Batch batch) {
    bins.add(batch);
  }

  @Override
  boolean addStretch(Batch batch, int from, int to) {
    return bins.addStretch(batch, from, to);
  }

  @Override
  void merge(Accumulator other) {
    bins.merge(((Quantiles) other).bins);
  }

  @Override
  Gathering second(List<Level> levels, List<Operation> operations) {
    boolean[] wanted = new boolean[bins.length()];
    for (Level level : levels) {
      long[] united = united(level);
      for (Operation operation : operations) {
        Answer answer = answer(united, level.size(), operation.thousandths());
        answers.put(new Question(level, operation), answer);
        mark(level, answer.bins(), wanted);
      }
    }
    return new Gathering(field, bins.width(), wanted);
  }

  /** Takes what the second reading gathered. */
  void accept(Gathering second) {
    gathering = second;
  }

  /** The bins of each union of a level. */
  private long[] united(Level level) {
    int width = bins.width();
    long[] united = new long[level.size() * width];
    for (int spot = 0; spot * width < bins.length(); spot++) {
      int union = level.of(spot);
      if (union != Level.NONE) {
        for (int bin = 1; bin < width; bin++) {
          united[union * width + bin] += bins.at(spot * width + bin);
        }
      }
    }
    return united;
  }

  private Answer answer(long[] united, int unions, int thousandths) {
    int width = bins.width();
    int[] found = new int[unions];
    long[] left = new long[unions];
    for (int union = 0; union < unions; union++) {
      long total = 0;
      for (int bin = 1; bin < width; bin++) {
        total += united[union * width + bin];
      }
      long wanted = Math.max(1, Math.ceilDiv(thousandths * total, 1_000L));
      for (int bin = 1; bin < width && total > 0; bin++) {
        long weight = united[union * width + bin];
        if (weight >= wanted) {
          found[union] = bin;
          left[union] = wanted;
          break;
        }
        wanted -= weight;
      }
    }
    return new Answer(found, left);
  }

  private void mark(Level level, int[] binOfUnion, boolean[] wanted) {
    int width = bins.width();
    for (int spot = 0; spot * width < wanted.length; spot++) {
      int union = level.of(spot);
      if (union != Level.NONE && binOfUnion[union] != 0) {
        int place = spot * width + binOfUnion[union];
        if (place < wanted.length && bins.at(place) != 0) {
          wanted[place] = true;
        }
      }
    }
  }

  @Override
  boolean unitesFreely() {
    return false;
  }

  @Override
  Cell[] cells(Level level, Operation operation) {
    Answer answer = answers.get(new Question(level, operation));
    Gathering gathered = gathering;
    if (answer == null || gathered == null) {
      throw new IllegalStateException("the percentile was not announced before the second reading");
    }
    return gathered.cells(level, answer.bins(), answer.wanted());
  }
}
