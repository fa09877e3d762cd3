package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Weight;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Selection;
import firebreak.eventstore.columns.IdTable;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How patterns are counted: sixty-four rows at a time, from the bits of each term. */
final class PatternRun {
  private static final int BLOCK = 1 << 17;

  private final Workers workers;
  private final Deadline deadline;
  private final List<Sides> sides;

  /** For each term the rows that match it, by part. */
  private final List<List<Rows>> terms;

  PatternRun(Selection selection, List<Filter> terms, Snapshot snapshot, TimeScope.Means means) {
    if (terms.size() > Limits.PATTERN_TERMS) {
      throw new IllegalArgumentException(
          "patterns take %d terms, were %d".formatted(Limits.PATTERN_TERMS, terms.size()));
    }
    workers = means.workers();
    deadline = means.deadline();
    Sides.Found found = Sides.find(selection, terms, snapshot, means);
    sides = found.sides();
    this.terms = found.terms();
  }

  private record Block(int part, int firstWord, int endWord) {}

  /** The masks that one thread has seen, and their weights. */
  private static final class Lane {
    final IdTable masks = new IdTable();
    final long[] rows = new long[64];
    long[] selected = new long[16];
    long[] all = new long[16];

    void add(long mask, long chosen, long weight) {
      int id = masks.id(mask);
      selected = Accumulator.reach(selected, id);
      all = Accumulator.reach(all, id);
      selected[id] += chosen;
      all[id] += weight;
    }
  }

  List<Pattern> answer() {
    List<Block> blocks = new ArrayList<>();
    for (int part = 0; part < sides.size(); part++) {
      Rows within = sides.get(part).within();
      for (int from = within.from() & -64; from < within.to(); from += BLOCK) {
        int to = Math.min(within.to(), from + BLOCK);
        blocks.add(new Block(part, from >> 6, (to + 63) >>> 6));
      }
    }
    List<Lane> lanes =
        workers.run(
            blocks.size(), deadline, Lane::new, (lane, task) -> count(blocks.get(task), lane));
    Lane united = new Lane();
    for (Lane lane : lanes) {
      for (int id = 0; id < lane.masks.size(); id++) {
        united.add(lane.masks.key(id), lane.selected[id], lane.all[id]);
      }
    }
    List<Pattern> patterns = new ArrayList<>();
    for (int id = 0; id < united.masks.size(); id++) {
      long chosen = united.selected[id];
      patterns.add(new Pattern(united.masks.key(id), new Weight(chosen, united.all[id] - chosen)));
    }
    patterns.sort(Comparator.comparingLong(Pattern::mask));
    return patterns;
  }

  private void count(Block block, Lane lane) {
    Sides side = sides.get(block.part());
    Longs rates = side.part().sampleRates();
    List<Rows> matching = terms.stream().map(term -> term.get(block.part())).toList();
    for (int word = block.firstWord(); word < block.endWord(); word++) {
      long within = side.within().word(word);
      if (within != 0) {
        count(word, within, side.selected().word(word), matching, rates, lane);
      }
    }
  }

  private static void count(
      int word, long within, long selected, List<Rows> matching, @Nullable Longs rates, Lane lane) {
    long[] masks = lane.rows;
    for (int term = 0; term < 64; term++) {
      masks[term] = term < matching.size() ? matching.get(term).word(word) : 0;
    }
    transpose(masks);
    long left = within;
    while (left != 0) {
      int bit = Long.numberOfTrailingZeros(left);
      left &= left - 1;
      long weight = rates == null ? 1 : rates.at((word << 6) + bit);
      lane.add(masks[bit], (selected >>> bit & 1) * weight, weight);
    }
  }

  /** Turns row i's bit j into row j's bit i. */
  static void transpose(long[] square) {
    long mask = 0x0000_0000_FFFF_FFFFL;
    for (int width = 32; width != 0; width >>= 1) {
      for (int row = 0; row < 64; row = (row + width + 1) & ~width) {
        long swapped = ((square[row] >>> width) ^ square[row + width]) & mask;
        square[row] ^= swapped << width;
        square[row + width] ^= swapped;
      }
      mask ^= mask << (width >> 1);
    }
  }
}
