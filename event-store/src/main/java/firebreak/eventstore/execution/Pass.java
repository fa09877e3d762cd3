package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Longs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One reading of rows into accumulators, by all threads. */
final class Pass {
  private static final int BLOCK = 1 << 17;

  private final QueryScope scope;
  private final Workers workers;
  private final Deadline deadline;
  private final Layout layout;
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();

  Pass(QueryScope scope, Layout layout) {
    this.scope = scope;
    this.layout = layout;
    workers = scope.means().workers();
    deadline = scope.means().deadline();
  }

  /** Rows and the accumulators that they go into. */
  private record Feed(List<Supplier<Accumulator>> accumulators) {}

  /** Some rows of one part, the task of one thread. */
  private record Block(int feed, Rows rows, int from, int to) {}

  /** Adds rows that are to go into accumulators of their own. */
  void feed(List<Rows> rows, List<Supplier<Accumulator>> accumulators) {
    for (Rows some : rows) {
      for (int from = some.from(); !some.isEmpty() && from < some.to(); from += BLOCK) {
        blocks.add(new Block(feeds.size(), some, from, Math.min(some.to(), from + BLOCK)));
      }
    }
    feeds.add(new Feed(accumulators));
  }

  /** Reads all rows; returns what the accumulators of each feed have gathered. */
  List<List<Accumulator>> run() {
    List<Lane> lanes =
        workers.run(blocks.size(), deadline, Lane::new, (lane, task) -> lane.read(task));
    if (lanes.isEmpty()) {
      return new Lane().accumulators;
    }
    List<List<Accumulator>> all = lanes.getFirst().accumulators;
    for (Lane lane : lanes.subList(1, lanes.size())) {
      for (int feed = 0; feed < all.size(); feed++) {
        for (int i = 0; i < all.get(feed).size(); i++) {
          all.get(feed).get(i).merge(lane.accumulators.get(feed).get(i));
        }
      }
    }
    return all;
  }

  /** What one thread works with. */
  private final class Lane {
    private final Batch batch = new Batch(scope::scale);
    private final List<List<Accumulator>> accumulators;
    private @Nullable PartView part;
    private Layout.@Nullable Placer placer;

    Lane() {
      accumulators =
          feeds.stream()
              .map(feed -> feed.accumulators().stream().map(Supplier::get).toList())
              .toList();
    }

    void read(int number) {
      Block block = blocks.get(number);
      PartView next = block.rows().part();
      Layout.Placer places = placer;
      if (places == null || part != next) {
        places = layout.new Placer(next, block.rows().count());
        part = next;
        placer = places;
        batch.turnTo(next);
      }
      Frame.Buckets buckets = layout.frame().buckets();
      if (buckets == null) {
        read(block, block.from(), block.to(), places, 0);
      } else if (next.part().isSorted()) {
        readByBucket(block, places, buckets);
      } else {
        int from = block.from();
        while (from < block.to()) {
          from = fill(block, from, block.to());
          places.place(batch, buckets);
          add(accumulators.get(block.feed()));
        }
      }
    }

    private void readByBucket(Block block, Layout.Placer places, Frame.Buckets buckets) {
      Longs times = block.rows().part().part().times();
      long[] bits = block.rows().bits();
      int from = block.from();
      while (from < block.to()) {
        int first = bits == null ? from : Bits.next(bits, from, block.to());
        if (first == block.to()) {
          return;
        }
        int bucket = buckets.of(times.at(first));
        int end = Rows.firstFrom(times, buckets.end(bucket), first, block.to());
        read(block, first, end, places, bucket);
        from = end;
      }
    }

    private void read(Block block, int first, int end, Layout.Placer places, int bucket) {
      List<Accumulator> needy = accumulators.get(block.feed());
      if (layout.isUndivided()
          && block.rows().bits() == null
          && block.rows().part().sampleRates() == null) {
        batch.spot(bucket);
        needy =
            needy.stream()
                .filter(accumulator -> !accumulator.addStretch(batch, first, end))
                .toList();
      }
      int from = needy.isEmpty() ? end : first;
      while (from < end) {
        from = fill(block, from, end);
        if (batch.count() > 0) {
          places.place(batch, bucket);
          add(needy);
        }
      }
    }

    private int fill(Block block, int from, int to) {
      int next = batch.chunk().fill(block.rows(), from, to);
      batch.filled();
      return next;
    }

    private void add(List<Accumulator> into) {
      deadline.check();
      for (Accumulator accumulator : into) {
        accumulator.add(batch);
      }
    }
  }
}
