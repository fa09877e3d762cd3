package firebreak.bench.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One question put to all stores in turns. A quick store is asked several times a round, each time
 * in other words; the order changes from round to round; the first round only warms up. The times
 * of a store that has fewer events are multiplied.
 */
final class Rounds {
  private static final int MOST_REPEATS = 10;
  private static final int MOST_WARM_UPS = 30;
  private static final double REPEAT_MILLIS = 100;
  private static final double WARM_UP_MILLIS = 1_500;
  private static final int WORDINGS = 100;
  private static final int WORDINGS_PER_QUESTION = 10_000;

  private final Question question;
  private final long events;
  private final List<Peer> peers;
  private final int rounds;
  private final Map<String, Series> series = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private boolean agreed = true;

  Rounds(Question question, long events, List<Peer> peers, int rounds) {
    this.question = question;
    this.events = events;
    this.peers = peers;
    this.rounds = rounds;
  }

  /** What one store needed. */
  private final class Series {
    private final CpuClock clock;
    private final double factor;
    private final List<Double> millis = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private double firstMillis;
    private int repeats = 1;

    Series(Peer peer, double factor) {
      this.factor = factor;
      clock = new CpuClock(peer.process());
    }

    void ask(Peer peer, int wording, Map<String, Answer> answers) throws Exception {
      Map<Long, Long> before = clock.read();
      for (int i = 0; i < repeats; i++) {
        long start = System.nanoTime();
        @Nullable Answer answer = peer.ask(question, wording + i);
        millis.add((System.nanoTime() - start) / 1e6);
        if (i == 0 && answer != null && factor == 1) {
          answers.put(peer.name(), answer);
        }
      }
      cpu.add(clock.since(before) / 1e6 / repeats);
    }

    Timing timing() {
      return new Timing(median(millis), median(cpu), firstMillis).times(factor);
    }

    private double median(List<Double> values) {
      return Timing.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  Row run() {
    for (Peer peer : peers) {
      attempt(peer, () -> warmUp(peer));
    }
    List<Peer> order = new ArrayList<>(peers);
    for (int round = 1; round <= rounds; round++) {
      Map<String, Answer> answers = new LinkedHashMap<>();
      int wording = firstWording() + round * WORDINGS;
      for (Peer peer : order) {
        Series own = series.get(peer.name());
        if (own != null) {
          attempt(peer, () -> own.ask(peer, wording, answers));
        }
      }
      compare(answers);
      Collections.rotate(order, 1);
    }
    Map<String, Timing> timings = new LinkedHashMap<>();
    series.forEach((peer, own) -> timings.put(peer, own.timing()));
    return new Row(question.title(), timings, notes);
  }

  /** Two questions that are alike must not be worded alike either. */
  private int firstWording() {
    return List.of(Question.values()).indexOf(question) * WORDINGS_PER_QUESTION;
  }

  /** Whether all answers that could be compared were the same. */
  boolean agreed() {
    return agreed;
  }

  /** Something that may fail. */
  private interface Step {
    void run() throws Exception;
  }

  /** A store that fails is left out, and said why; the others go on. */
  private void attempt(Peer peer, Step step) {
    try {
      step.run();
    } catch (Exception e) {
      series.remove(peer.name());
      notes.put(peer.name(), String.valueOf(e.getMessage()));
    }
  }

  private void warmUp(Peer peer) throws Exception {
    Series own = new Series(peer, (double) events / peer.events().count());
    double spent = 0;
    double last = 0;
    for (int i = 0; i < MOST_WARM_UPS && spent < WARM_UP_MILLIS; i++) {
      long start = System.nanoTime();
      @Nullable Answer answer = peer.ask(question, firstWording() + i);
      last = (System.nanoTime() - start) / 1e6;
      if (answer == null) {
        notes.put(peer.name(), "cannot say it");
        return;
      }
      spent += last;
      own.firstMillis = i == 0 ? last : own.firstMillis;
    }
    own.repeats = (int) Math.clamp(REPEAT_MILLIS / last, 1, MOST_REPEATS);
    series.put(peer.name(), own);
  }

  /** All must agree with ours, or with the first one where ours has no answer. */
  private void compare(Map<String, Answer> answers) {
    List<String> names = new ArrayList<>(answers.keySet());
    if (names.remove(Row.OURS)) {
      names.addFirst(Row.OURS);
    }
    for (int i = 1; i < names.size(); i++) {
      Answer first = answers.getOrDefault(names.getFirst(), new Answer());
      String difference = first.difference(answers.getOrDefault(names.get(i), new Answer()));
      if (difference != null) {
        agreed = false;
        notes.put(names.get(i), "does not agree with " + names.getFirst() + ": " + difference);
        series.remove(names.get(i));
      }
    }
  }
}
