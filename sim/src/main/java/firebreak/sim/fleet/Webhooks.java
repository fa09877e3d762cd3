package firebreak.sim.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** The way from the tools around production to us: some of it comes late, twice, or never. */
final class Webhooks {
  private Webhooks() {}

  /** The notices as they arrive, in that order; one to five in a hundred each go wrong so. */
  static List<Notice> deliver(List<Notice> sent, SplittableRandom random) {
    double share = Dice.uniform(0.01, 0.05, random);
    List<Notice> delivered = new ArrayList<>();
    for (Notice notice : sent) {
      if (random.nextDouble() < share) {
        continue;
      }
      Instant arrives = notice.arrives().plusMillis(random.nextInt(200, 6_000));
      if (random.nextDouble() < share) {
        arrives = arrives.plusSeconds(random.nextInt(60, 20 * 60));
      }
      delivered.add(notice.arriving(arrives));
      if (random.nextDouble() < share) {
        delivered.add(notice.arriving(arrives.plusSeconds(random.nextInt(1, 600))));
      }
    }
    delivered.sort(Comparator.comparing(Notice::arrives).thenComparing(Notice::id));
    return List.copyOf(delivered);
  }
}
