package firebreak.sim.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Which build each host runs at a time. */
final class Builds {
  private record Move(long millis, String build) {}

  private final List<List<Move>> moves = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private int next;

  Builds(int hosts, SplittableRandom random) {
    next = random.nextInt(1_000, 9_000);
    String first = fresh();
    for (int host = 0; host < hosts; host++) {
      moves.add(new ArrayList<>(List.of(new Move(Long.MIN_VALUE / 2, first))));
    }
  }

  /** The name of a build that has not run yet. */
  String fresh() {
    next++;
    String name = Integer.toString(next);
    names.add(name);
    return name;
  }

  String newest() {
    return names.getLast();
  }

  int count() {
    return names.size();
  }

  /** The build that host 0 ends up with, before anything else moves. */
  String current() {
    return moves.getFirst().getLast().build();
  }

  /**
   * Moves host after host, in an order of chance, evenly over the time.
   *
   * @param canary one host first, and the others from a third of the time on
   */
  void roll(String build, long start, long length, boolean canary, SplittableRandom random) {
    List<Integer> order = new ArrayList<>();
    for (int host = 0; host < moves.size(); host++) {
      order.add(host);
    }
    Collections.shuffle(order, new Random(random.nextLong()));
    for (int i = 0; i < order.size(); i++) {
      double part = (double) i / order.size();
      double at = !canary ? part : i == 0 ? 0 : 1.0 / 3 + part * 2 / 3;
      moves.get(order.get(i)).add(new Move(start + Math.round(at * length), build));
    }
  }

  private Move move(int host, long millis) {
    List<Move> own = moves.get(host);
    int i = own.size() - 1;
    while (own.get(i).millis() > millis) {
      i--;
    }
    return own.get(i);
  }

  String on(int host, long millis) {
    return move(host, millis).build();
  }

  long since(int host, long millis) {
    return move(host, millis).millis();
  }
}
