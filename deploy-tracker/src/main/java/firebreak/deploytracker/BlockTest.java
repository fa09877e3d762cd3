package firebreak.deploytracker;

import firebreak.bubbleup.ContingencyTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether a few units' own bad share changed at a moment: blocks of one minute, anchored at it,
 * that burn or do not, before against after (Fisher's exact test). A block burns when its bad share
 * is at least the mean of all blocks.
 */
final class BlockTest {
  static final Duration BLOCK = Duration.ofMinutes(1);

  /** A block with so many times fewer bad events than its like is stray failure, not burning. */
  private static final double FEWER_TIMES = 4;

  private BlockTest() {}

  /** The chance of so many of the burning blocks lying after the change by luck. */
  static double pValue(SortedMap<Instant, Tally> slots, Instant change) {
    SortedMap<Long, Tally> blocks = new TreeMap<>();
    for (Map.Entry<Instant, Tally> slot : slots.entrySet()) {
      Duration middle = Duration.between(change, slot.getKey().plus(History.SLOT.dividedBy(2)));
      long block = Math.floorDiv(middle.toMillis(), BLOCK.toMillis());
      blocks.merge(block, slot.getValue(), Tally::plus);
    }
    double few =
        blocks.values().stream()
                .filter(block -> block.bad() > 0)
                .mapToLong(Tally::bad)
                .average()
                .orElse(0)
            / FEWER_TIMES;
    double mean = blocks.values().stream().mapToDouble(Tally::rate).average().orElse(0);
    long[] burning = new long[2];
    long[] count = new long[2];
    for (Map.Entry<Long, Tally> block : blocks.entrySet()) {
      int side = block.getKey() >= 0 ? 0 : 1;
      Tally tally = block.getValue();
      count[side]++;
      burning[side] += tally.bad() > 0 && tally.bad() >= few && tally.rate() >= mean ? 1 : 0;
    }
    return new ContingencyTable(burning[0], count[0], burning[1], count[1]).pValue();
  }
}
