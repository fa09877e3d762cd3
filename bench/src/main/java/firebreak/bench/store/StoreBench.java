package firebreak.bench.store;

import firebreak.bench.wide.Batches;
import firebreak.bench.wide.EventFile;
import firebreak.bench.wide.WideEvents;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The event store beside what people would use instead: loads the same events into each, asks each
 * the same questions in turns, compares answers and times.
 */
public final class StoreBench {
  static final int BATCH = 1_000;

  private final Settings settings;
  private final PrintStream out;
  private final PrintStream progress;

  public StoreBench(Settings settings, PrintStream out, PrintStream progress) {
    this.settings = settings;
    this.out = out;
    this.progress = progress;
  }

  /** Runs it; false where stores did not agree. */
  public boolean run() throws Exception {
    Files.createDirectories(settings.folder());
    Disk.check(settings);
    WideEvents events = new WideEvents(settings.events(), settings.seed());
    Workload workload = new Workload(events);
    try (Batches file = write(events, "events.json");
        Peers peers = new Peers(settings, workload)) {
      Map<String, Load> loads = load(peers, file);
      Report report = new Report(settings, peers, loads, out);
      report.begin();
      boolean agreed = true;
      for (Question question : settings.asked()) {
        Rounds rounds = new Rounds(question, settings.events(), peers.present(), settings.rounds());
        report.add(rounds.run());
        agreed &= rounds.agreed();
        if (question == Question.BUBBLEUP_WITHOUT_IDS) {
          report.addFindingApart();
        }
      }
      report.end(
          loads.containsKey(Row.OURS) ? new LiveBench(settings, peers, loads).run() : List.of());
      report.writeJson();
      return agreed;
    } finally {
      Folders.delete(settings.folder());
    }
  }

  private Batches write(WideEvents events, String name) throws IOException {
    Progress step = new Progress(progress, "making events", events.count());
    Path file = settings.folder().resolve(name);
    Batches written = EventFile.write(events, file, BATCH, step::at);
    step.end();
    return written;
  }

  private Map<String, Load> load(Peers peers, Batches file) throws Exception {
    Map<String, Load> loads = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(List.of(Row.OURS));
    names.addAll(settings.peers());
    for (String name : names) {
      Peer peer = peers.open(name);
      if (peer == null) {
        progress.println(name + " is left out: " + peers.absent().get(name));
        continue;
      }
      try {
        loads.put(name, load(peer, file));
      } catch (Exception e) {
        peers.drop(peer, "loading failed: " + e.getMessage());
        progress.println(name + " is left out: " + peers.absent().get(name));
      }
    }
    return loads;
  }

  private Load load(Peer peer, Batches file) throws Exception {
    if (peer.events() == file.events()) {
      return Load.of(peer, file, progress);
    }
    try (Batches own = write(peer.events(), peer.name() + ".json")) {
      return Load.of(peer, own, progress);
    }
  }
}
