package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.EventFile;
import firebreak.bench.wide.WideEvents;
import firebreak.eventstore.Calculation;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What a client sees while events come in at half the pace that the store can take: how long an
 * acknowledgement takes beside a bare write and force of the same bytes, second by second in turns,
 * and how soon an acknowledged event is in an answer.
 */
final class LiveBench {
  private static final int BATCH = 100;

  /** So many that a batch seldom waits for an earlier one of its own client. */
  private static final int CLIENTS = 16;

  private static final int SECONDS = 8;
  private static final long MOST_EVENTS = 1_000_000;
  private static final Duration PROBE_EVERY = Duration.ofMillis(50);
  private static final String PROBE = "probe.id";

  private final Settings settings;
  private final EventStore store;
  private final double batchesPerSecond;
  private final Latencies ours = new Latencies();
  private final Latencies bare = new Latencies();
  private final Latencies fresh = new Latencies();

  LiveBench(Settings settings, Peers peers, Map<String, Load> loads) {
    this.settings = settings;
    this.store = peers.firebreak().store();
    Load load = loads.get(Row.OURS);
    if (load == null) {
      throw new IllegalStateException("our own store was not loaded");
    }
    batchesPerSecond = load.eventsPerSecond() / 2 / BATCH;
  }

  List<Figure> run() throws Exception {
    long count = (long) Math.min(MOST_EVENTS, batchesPerSecond * BATCH * SECONDS);
    WideEvents events = new WideEvents(Math.max(BATCH, count), settings.seed() + 1);
    Path file = settings.folder().resolve("live.json");
    try (Batches batches = EventFile.write(events, file, BATCH, _ -> {})) {
      int perSecond = Math.max(1, (int) batchesPerSecond);
      for (int from = 0; from < batches.batches(); from += perSecond) {
        int end = Math.min(batches.batches(), from + perSecond);
        paced(batches, from, end, ours, () -> new FirebreakPeer.Lane(store), true);
        paced(batches, from, end, bare, () -> new Bare(settings.folder()), false);
      }
    }
    return List.of(
        new Figure("half load", batchesPerSecond * BATCH, "events/s"),
        new Figure("acknowledged p50", ours.share(0.5), "ms"),
        new Figure("acknowledged p99", ours.share(0.99), "ms"),
        new Figure("bare write and force p50", bare.share(0.5), "ms"),
        new Figure("bare write and force p99", bare.share(0.99), "ms"),
        new Figure("acknowledged p99 to bare p99", ours.share(0.99) / bare.share(0.99), "times"),
        new Figure("in an answer after p50", fresh.share(0.5), "ms"),
        new Figure("in an answer after p99", fresh.share(0.99), "ms"));
  }

  /** Sends each batch at its time; one that must wait for the one before has waited too. */
  private void paced(
      Batches batches, int from, int end, Latencies latencies, Loading.Lanes lanes, boolean probed)
      throws Exception {
    long start = System.nanoTime();
    double interval = 1e9 / batchesPerSecond;
    try (ExecutorService pool = Executors.newFixedThreadPool(CLIENTS + 1)) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int first = from + client;
        clients.add(
            pool.submit(
                () -> {
                  try (Loading.Lane lane = lanes.open()) {
                    for (int i = first; i < end; i += CLIENTS) {
                      byte[] batch = batches.batch(i);
                      long due = start + (long) ((i - from) * interval);
                      waitUntil(due);
                      lane.take(batch);
                      latencies.add(System.nanoTime() - due);
                    }
                  }
                  return null;
                }));
      }
      if (probed) {
        clients.add(pool.submit(() -> probe(start + (long) ((end - from) * interval))));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
  }

  private static void waitUntil(long due) throws InterruptedException {
    long left = due - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  /** Appends an event and asks for it until it is there. */
  private Void probe(long end) throws InterruptedException {
    for (int id = fresh.size(); System.nanoTime() < end; id++) {
      Event event = new Event(WideEvents.START, 1, Map.of(PROBE, Value.of(id)));
      Query query =
          Query.of(
              FirebreakPeer.DATASET,
              new TimeRange(WideEvents.START, Workload.END),
              Filter.equal(PROBE, Value.of(id)),
              Calculation.count());
      store.append(FirebreakPeer.DATASET, List.of(event));
      long acknowledged = System.nanoTime();
      while (store.query(query).total().cells().getFirst().number() < 1) {
        Thread.onSpinWait();
      }
      fresh.add(System.nanoTime() - acknowledged);
      TimeUnit.NANOSECONDS.sleep(PROBE_EVERY.toNanos());
    }
    return null;
  }

  /** The least that durability costs: the bytes in a file, forced. */
  private record Bare(FileChannel file) implements Loading.Lane {
    Bare(Path folder) throws IOException {
      this(
          FileChannel.open(
              folder.resolve("bare-" + Thread.currentThread().threadId()),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND));
    }

    @Override
    public void take(byte[] batch) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(batch);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(false);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
