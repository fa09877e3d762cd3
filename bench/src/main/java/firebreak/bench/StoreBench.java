package firebreak.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the same events into our store and into DuckDB, then asks both the same questions in turns,
 * and compares medians. A figure that the two do not agree on ends the run.
 */
final class StoreBench {
  private static final int BATCH = 1_000;
  private static final int ROUNDS = 7;

  private final long events;
  private final PrintStream out;

  StoreBench(long events, PrintStream out) {
    this.events = events;
    this.out = out;
  }

  /** A line of the table; the ratio is how many times as long the peer takes. */
  record Row(String question, double medianMillis, Map<String, Double> ratio) {}

  List<Row> run() throws Exception {
    Path folder = Files.createTempDirectory("firebreak-bench-");
    try (Peer ours = new FirebreakPeer(folder.resolve("firebreak"));
        Peer duckDb = new DuckDbPeer(folder.resolve("duck.db"))) {
      List<Peer> peers = List.of(ours, duckDb);
      List<Row> rows = new ArrayList<>();
      rows.add(ingest(peers));
      for (String question : ours.questions().keySet()) {
        rows.add(ask(question, peers));
      }
      return rows;
    }
  }

  private Row ingest(List<Peer> peers) throws Exception {
    Map<String, Double> millis = new LinkedHashMap<>();
    for (Peer peer : peers) {
      long nanos = 0;
      for (long from = 0; from < events; from += BATCH) {
        var batch = WideEvents.batch(from, (int) Math.min(BATCH, events - from), events);
        long start = System.nanoTime();
        peer.load(batch);
        nanos += System.nanoTime() - start;
        if (from % (BATCH * 100) == 0) {
          out.printf("\rloading %s: %,d of %,d", peer.name(), from, events);
        }
      }
      long start = System.nanoTime();
      peer.loaded();
      millis.put(peer.name(), (nanos + System.nanoTime() - start) / 1e6);
      out.printf("\r%60s\r", "");
    }
    return row("ingest", millis);
  }

  private Row ask(String name, List<Peer> peers) throws Exception {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Double> answers = new LinkedHashMap<>();
    for (int round = 0; round <= ROUNDS; round++) {
      for (Peer peer : peers) {
        Peer.Question question = peer.questions().get(name);
        if (question == null) {
          throw new IllegalStateException(peer.name() + " has no question " + name);
        }
        long start = System.nanoTime();
        answers.put(peer.name(), question.run());
        double took = (System.nanoTime() - start) / 1e6;
        if (round > 0) { // the first round warms up
          times.computeIfAbsent(peer.name(), _ -> new double[ROUNDS])[round - 1] = took;
        }
      }
    }
    if (answers.values().stream().distinct().count() != 1) {
      throw new IllegalStateException("%s: the peers do not agree: %s".formatted(name, answers));
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach((peer, millis) -> medians.put(peer, median(millis)));
    return row(name, medians);
  }

  private static Row row(String question, Map<String, Double> millis) {
    double ours = millis.getOrDefault("firebreak", Double.NaN);
    Map<String, Double> ratio = new LinkedHashMap<>();
    millis.forEach(
        (peer, time) -> {
          if (!peer.equals("firebreak")) {
            ratio.put(peer, time / ours);
          }
        });
    return new Row(question, ours, ratio);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
