package firebreak.sim;

import firebreak.sim.QueryApi.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Thirty quiet days before the incident, thin: an event stands for many like it, fewer the closer
 * it lies, so that budgets mean something and the minutes before the incident can be compared with
 * the minutes in it. Slow queries are kept more often than fast ones, each with its own weight.
 */
final class History {

  /** A stretch of the past and how thin it is. */
  private record Stretch(Duration from, Duration to, int goodRate, int slowRate) {}

  private static final List<Stretch> STRETCHES =
      List.of(
          new Stretch(Duration.ofDays(30), Duration.ofHours(7), 4_000, 50),
          new Stretch(Duration.ofHours(7), Duration.ofHours(1), 40, 5),
          new Stretch(Duration.ofHours(1), Duration.ZERO, 10, 2));

  private final QueryApi api;
  private final Rollout rollout;
  private final Serving serving;
  private final long seed;

  History(QueryApi api, Rollout rollout, Serving serving, long seed) {
    this.api = api;
    this.rollout = rollout;
    this.serving = serving;
    this.seed = seed;
  }

  /** Gives the past before {@code end} in batches, oldest first. */
  void play(Instant end, int batchSize, Consumer<List<Sent>> sink) {
    List<Sent> batch = new ArrayList<>();
    for (Stretch stretch : STRETCHES) {
      SplittableRandom random = new SplittableRandom(seed + stretch.goodRate());
      double goodPerMilli = QueryApi.QUERIES_PER_SECOND / 1_000 / stretch.goodRate();
      double slowPerMilli =
          QueryApi.QUERIES_PER_SECOND / 1_000 * QueryApi.QUIET_SLOW_SHARE / stretch.slowRate();
      double rate = goodPerMilli + slowPerMilli;
      double at = end.minus(stretch.from()).toEpochMilli();
      double last = end.minus(stretch.to()).toEpochMilli();
      long salt = 0;
      while (true) {
        at -= Math.log(1 - random.nextDouble()) / rate;
        if (at >= last) {
          break;
        }
        boolean slow = random.nextDouble() < slowPerMilli / rate;
        int sampleRate = slow ? stretch.slowRate() : stretch.goodRate();
        Instant time = Instant.ofEpochMilli((long) at);
        batch.add(api.sampled(time, sampleRate, slow, rollout, serving, salt++));
        if (batch.size() == batchSize) {
          sink.accept(List.copyOf(batch));
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) {
      sink.accept(List.copyOf(batch));
    }
  }
}
