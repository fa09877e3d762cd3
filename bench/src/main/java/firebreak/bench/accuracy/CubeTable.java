package firebreak.bench.accuracy;

import firebreak.bubbleup.ResidualPursuit;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/** Tables B and C: how well the slices that left their forecast are found. */
final class CubeTable {
  private static final int RESAMPLES = 1_000;
  private static final double NANOS = 1e6;

  private final String table;
  private final List<Score> scores = new ArrayList<>();
  private final List<Double> millis = new ArrayList<>();

  CubeTable(String table) {
    this.table = table;
  }

  /** What of one case's causes was named, and what besides. */
  private record Score(int hit, int named, int causes, boolean isFirstRight) {}

  /** Answers one case without counting it, so that the next is answered by compiled code. */
  static List<ResidualPursuit.Slice> answer(Cube cube) {
    return ResidualPursuit.explain(cube.attributes(), cube.leaves());
  }

  /** Answers one case; the time to do so counts without the making of the case. */
  void add(Cube cube) {
    long start = System.nanoTime();
    List<ResidualPursuit.Slice> found = answer(cube);
    millis.add((System.nanoTime() - start) / NANOS);
    Set<Slice> named = new HashSet<>();
    found.forEach(slice -> named.add(new Slice(slice.terms())));
    int hit = (int) cube.causes().stream().filter(named::contains).count();
    boolean first = !found.isEmpty() && cube.causes().contains(new Slice(found.getFirst().terms()));
    scores.add(new Score(hit, named.size(), cube.causes().size(), first));
  }

  int cases() {
    return scores.size();
  }

  /** The figures; F1 over all causes of all cases, its interval by drawing cases anew. */
  List<Result> results() {
    SplittableRandom random = new SplittableRandom(1);
    List<Double> drawn = new ArrayList<>();
    for (int i = 0; i < RESAMPLES; i++) {
      drawn.add(f1(_ -> scores.get(random.nextInt(scores.size()))));
    }
    return List.of(
        new Result(
            table,
            "F1 of the returned set",
            f1(scores::get),
            Quantiles.middle95(drawn),
            new TreeMap<>()),
        Result.share(
            table,
            "first is a cause",
            (double) scores.stream().filter(Score::isFirstRight).count(),
            scores.size()),
        Result.number(table, "ms a case, median", Quantiles.of(millis, 0.5)),
        Result.number(table, "ms a case, p95", Quantiles.of(millis, 0.95)));
  }

  private double f1(Function<Integer, Score> pick) {
    long hit = 0;
    long named = 0;
    long causes = 0;
    for (int i = 0; i < scores.size(); i++) {
      Score score = pick.apply(i);
      hit += score.hit;
      named += score.named;
      causes += score.causes;
    }
    return 2.0 * hit / Math.max(1, named + causes);
  }

  /** Runs makers' cases from one seed on. */
  static CubeTable made(CubeMaker maker, long firstSeed, int seeds, PrintStream progress) {
    CubeTable table = new CubeTable("C " + maker.name());
    for (int i = 0; i < seeds; i++) {
      table.add(maker.make(firstSeed + i));
      if ((i + 1) % 50 == 0) {
        progress.printf("C %s: %d of %d%n", maker.name(), i + 1, seeds);
      }
    }
    return table;
  }
}
