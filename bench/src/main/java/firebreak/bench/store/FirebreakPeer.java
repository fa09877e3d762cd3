package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.WideEvents;
import firebreak.eventstore.EventStore;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** Our own store: every batch is on disk when it is acknowledged. */
final class FirebreakPeer implements Peer {
  static final String DATASET = "bench";

  private final Path folder;
  private final Workload workload;
  private EventStore store;

  FirebreakPeer(Path folder, Workload workload) {
    this.folder = folder;
    this.workload = workload;
    store = EventStore.open(folder);
  }

  EventStore store() {
    return store;
  }

  @Override
  public String name() {
    return "firebreak";
  }

  @Override
  public String about() {
    return "Firebreak, durable: each batch of 1,000 is forced to disk before it is acknowledged";
  }

  @Override
  public WideEvents events() {
    return workload.events();
  }

  @Override
  public long process() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void load(Batches events, IntConsumer progress) throws Exception {
    new Loading(events, progress).run(() -> new Lane(store));
  }

  /** One client: what it sends is decoded and appended. */
  record Lane(EventStore store, HoneycombBatch json) implements Loading.Lane {
    Lane(EventStore store) {
      this(store, new HoneycombBatch());
    }

    @Override
    public void take(byte[] batch) throws Exception {
      store.append(DATASET, json.events(batch));
    }

    @Override
    public void close() {}
  }

  /** Closes and opens the store, as a restart does. */
  @Override
  public void settle() {
    store.close();
    store = EventStore.open(folder);
  }

  @Override
  public long bytesOnDisk() throws Exception {
    return Folders.bytes(folder);
  }

  @Override
  public Answer ask(Question question, int round) {
    return new FirebreakQuestions(store, workload, round).ask(question);
  }

  @Override
  public void close() {
    store.close();
  }
}
