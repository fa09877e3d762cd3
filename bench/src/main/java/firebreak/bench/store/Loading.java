package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** The batches of a file, taken by two threads in turn. */
final class Loading {
  private final Batches events;
  private final IntConsumer progress;
  private final AtomicInteger next = new AtomicInteger();

  Loading(Batches events, IntConsumer progress) {
    this.events = events;
    this.progress = progress;
  }

  /** What one of the two threads has. */
  interface Lane extends AutoCloseable {
    /** Takes a batch of JSON; returns when it is in. */
    void take(byte[] batch) throws Exception;

    @Override
    void close() throws IOException, SQLException;
  }

  /** Opens a lane. */
  @FunctionalInterface
  interface Lanes {
    Lane open() throws Exception;
  }

  void run(Lanes lanes) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(Peer.THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < Peer.THREADS; i++) {
        running.add(pool.submit(() -> takeAll(lanes)));
      }
      for (Future<?> lane : running) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Void takeAll(Lanes lanes) throws Exception {
    try (Lane lane = lanes.open()) {
      for (int batch = next.getAndIncrement();
          batch < events.batches();
          batch = next.getAndIncrement()) {
        lane.take(events.batch(batch));
        progress.accept(events.size(batch));
      }
    }
    return null;
  }
}
