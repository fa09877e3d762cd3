package firebreak.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void smoke(Kind kind) {
    for (int seed = 0; seed < 4; seed++) {
      long t = System.nanoTime();
      Fleet fleet = Fleet.of(kind, seed);
      long t1 = System.nanoTime();
      long[] before = new long[2];
      for (int m = -360; m < 0; m++) {
        for (Fleet.Counts c : fleet.counts(m)) {
          before[0] += c.good();
          before[1] += c.bad();
        }
      }
      long t2 = System.nanoTime();
      StringBuilder after = new StringBuilder();
      for (int m = 0; m < 90; m += 10) {
        long[] ten = new long[2];
        for (int i = m; i < m + 10; i++) {
          for (Fleet.Counts c : fleet.counts(i)) {
            ten[0] += c.good();
            ten[1] += c.bad();
          }
        }
        after.append(" %.2f".formatted(100.0 * ten[1] / (ten[0] + ten[1])));
      }
      long t3 = System.nanoTime();
      List<FleetEvent> events = new ArrayList<>();
      for (int m = 0; m < 60; m++) {
        events.addAll(fleet.events(m, 1));
      }
      long t4 = System.nanoTime();
      System.out.printf(
          "%-26s made %d ms, counted 6 h %d ms (bad %.3f %%), after:%s; %d events of %d fields %d"
              + " ms; %d notices%n",
          kind,
          (t1 - t) / 1_000_000,
          (t2 - t1) / 1_000_000,
          100.0 * before[1] / (before[0] + before[1]),
          after,
          events.size(),
          events.getFirst().fields().size(),
          (t4 - t3) / 1_000_000,
          fleet.notices().size());
    }
    assertEquals(1, 1);
  }
}
