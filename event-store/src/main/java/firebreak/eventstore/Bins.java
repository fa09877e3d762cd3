package firebreak.eventstore;

import firebreak.eventstore.QueryResult.Cell;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.lucene.util.FixedBitSet;

/** The events of one time range, divided into groups and time buckets and accumulated. */
final class Bins {
  private final Query query;
  private final Grouping grouping;
  private final Duration width;
  private final long firstBucket;
  private final IdTable bins = new IdTable();
  private final List<Accumulator> accumulators = new ArrayList<>();

  /** Bins of groups, and of their buckets unless the width is zero. */
  Bins(Query query, TimeRange range, Grouping grouping, Duration width) {
    this.query = query;
    this.grouping = grouping;
    this.width = width;
    firstBucket = width.isZero() ? 0 : Times.bucket(Times.nanos(range.start()), width);
    Map<String, Dictionary> dictionaries = new HashMap<>();
    for (Calculation calculation : query.calculations()) {
      Dictionary dictionary =
          dictionaries.computeIfAbsent(calculation.column(), grouping::dictionary);
      accumulators.add(Accumulator.of(calculation, dictionary));
    }
  }

  /** Adds the matching events of a segment. */
  void add(Segment segment, SegmentFilter filter) throws IOException {
    FixedBitSet matching = filter.matching(query.filter());
    List<FixedBitSet> counted = new ArrayList<>();
    for (Calculation calculation : query.calculations()) {
      counted.add(filter.matching(calculation.filter()));
    }
    for (Block block : segment.blocks(matching)) {
      int[] divided = divide(block);
      long[] weights = block.own(Columns.SAMPLE_RATE);
      for (int i = 0; i < accumulators.size(); i++) {
        boolean all = query.calculations().get(i).filter().equals(Filter.ALL);
        int[] taking = all ? divided : only(divided, block, counted.get(i));
        accumulators.get(i).add(block, taking, weights);
      }
    }
  }

  private int[] divide(Block block) throws IOException {
    int[] groups = grouping.groups(block);
    int[] divided = new int[groups.length];
    if (width.isZero()) {
      for (int i = 0; i < groups.length; i++) {
        divided[i] = bins.id(groups[i], 0);
      }
    } else {
      long[] times = block.own(Columns.TIME);
      for (int i = 0; i < groups.length; i++) {
        divided[i] = bins.id(groups[i], (int) (Times.bucket(times[i], width) - firstBucket));
      }
    }
    if (bins.size() > Limits.GROUPS) {
      throw new LimitExceededException(
          "The question forms more than %d groups and time buckets.".formatted(Limits.GROUPS));
    }
    return divided;
  }

  private static int[] only(int[] divided, Block block, FixedBitSet counted) {
    int[] taking = divided.clone();
    for (int i = 0; i < taking.length; i++) {
      if (!counted.get(block.doc(i))) {
        taking[i] = Accumulator.NONE;
      }
    }
    return taking;
  }

  int size() {
    return bins.size();
  }

  int group(int bin) {
    return bins.high(bin);
  }

  /** The number of a bin's bucket, counted from 1970. */
  long bucket(int bin) {
    return firstBucket + bins.low(bin);
  }

  /** For each calculation, its cells for so many unions of bins; see {@link Accumulator#cells}. */
  List<Cell[]> cells(int[] targets, int unions) {
    return accumulators.stream().map(accumulator -> accumulator.cells(targets, unions)).toList();
  }

  /** The union that each bin belongs to, by its group. */
  int[] byGroup(int[] unionOfGroup) {
    return IntStream.range(0, size())
        .map(bin -> group(bin) < unionOfGroup.length ? unionOfGroup[group(bin)] : Accumulator.NONE)
        .toArray();
  }
}
