package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Marginals;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the rows of each value of one field: code by code within a part, and only then by the
 * number that the value has across parts.
 */
final class GroupCounts {
  private static final int BLOCK = 1 << 20;

  private final FieldIds ids;

  GroupCounts(FieldIds ids) {
    this.ids = ids;
  }

  private record Block(Rows rows, int from, int to) {}

  Count count(List<Rows> rows, TimeScope.Means means) {
    List<Block> blocks = new ArrayList<>();
    for (Rows some : rows) {
      int size = some.isWhole() ? some.to() : BLOCK;
      for (int from = some.from(); from < some.to(); from += size) {
        blocks.add(new Block(some, from, Math.min(some.to(), from + size)));
      }
    }
    List<Lane> lanes =
        means
            .workers()
            .run(
                blocks.size(),
                means.deadline(),
                Lane::new,
                (lane, task) -> lane.count(blocks.get(task)));
    Count all = lanes.isEmpty() ? new Count() : lanes.getFirst().counts;
    lanes.stream().skip(1).forEach(lane -> all.merge(lane.counts));
    return all;
  }

  /** What one thread works with. */
  private final class Lane {
    private final Count counts = new Count(ids.size());
    private final RowWeights weights = new RowWeights();
    private final Chunk chunk = new Chunk();
    private final int[] read = new int[Chunk.SIZE];
    private final long[] rates = new long[Chunk.SIZE];

    void count(Block block) {
      PartView part = block.rows().part();
      if (!(ids.column(part) instanceof Column.Coded coded)) {
        each(block);
        return;
      }
      int highest = coded.dictionary().size();
      Marginals marginals = coded.marginals();
      int[] map = ids.map(part);
      if (marginals != null && block.rows().isWhole()) {
        for (int code = 0; code <= highest; code++) {
          counts.add(map[code], marginals.weight(code));
        }
      } else if (block.rows().bits() == null && highest < block.to() - block.from()) {
        Rows some = Rows.interval(part, block.from(), block.to());
        CodeWeights byCode = weights.byCode(new RowList(some), coded.codes(), highest, null);
        for (int code = 0; code <= highest; code++) {
          counts.add(map[code], byCode.at(code));
        }
      } else {
        each(block);
      }
    }

    private void each(Block block) {
      PartView part = block.rows().part();
      FieldIds.PartIds numbered = ids.of(part);
      for (int from = block.from(); from < block.to(); ) {
        from = chunk.fill(block.rows(), from, block.to());
        numbered.read(chunk, read);
        var sampleRates = part.sampleRates();
        if (sampleRates != null) {
          chunk.read(sampleRates, rates);
        }
        for (int i = 0; i < chunk.count(); i++) {
          counts.add(read[i], sampleRates == null ? 1 : rates[i]);
        }
      }
    }
  }
}
