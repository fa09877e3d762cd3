package firebreak.bubbleup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bubbleup.ResidualPursuit.Leaf;
import firebreak.bubbleup.ResidualPursuit.Slice;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidualPursuitTest {
  private static final List<String> NAMES = List.of("province", "isp", "cdn");

  /** A cube of 6 × 5 × 8 leaves, those that a fault tells of lower than forecast. */
  private static List<Leaf> leaves(long seed, Fault fault) {
    Random random = new Random(seed);
    List<Leaf> leaves = new ArrayList<>();
    for (int province = 0; province < 6; province++) {
      for (int isp = 0; isp < 5; isp++) {
        for (int cdn = 0; cdn < 8; cdn++) {
          double forecast = 50 + 400 * random.nextDouble();
          double noise = 1 + 0.05 * random.nextGaussian();
          double left = fault.left(province, isp, cdn);
          leaves.add(
              new Leaf(
                  List.of("p" + province, "i" + isp, "c" + cdn),
                  forecast * noise * left,
                  forecast));
        }
      }
    }
    return leaves;
  }

  private interface Fault {
    double left(int province, int isp, int cdn);
  }

  private static Term term(String field, String value) {
    return new Term(field, Value.of(value));
  }

  private static List<List<Term>> terms(List<Slice> slices) {
    return slices.stream().map(Slice::terms).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsBothSlicesAndNothingElse(long seed) {
    List<Slice> found =
        ResidualPursuit.explain(
            NAMES,
            leaves(
                seed,
                (province, isp, cdn) ->
                    province == 2 && isp == 3 ? 0.5 : cdn == 6 && isp == 1 ? 0.7 : 1));
    assertEquals(
        List.of(
            List.of(term("isp", "i3"), term("province", "p2")),
            List.of(term("cdn", "c6"), term("isp", "i1"))),
        terms(found),
        () -> "seed " + seed);
    assertEquals(-2 * 0.5 / 1.5, found.getFirst().deviation(), 0.05);
  }

  @Test
  void aSliceOfOneAttributeIsNotSplit() {
    assertEquals(
        List.of(List.of(term("cdn", "c4"))),
        terms(
            ResidualPursuit.explain(NAMES, leaves(9, (province, isp, cdn) -> cdn == 4 ? 0.6 : 1))));
  }

  @Test
  void doesNotDependOnTheOrderOfLeavesOrAttributes() {
    List<Leaf> leaves = leaves(3, (province, isp, cdn) -> province == 1 && cdn == 2 ? 0.4 : 1);
    List<Leaf> turned = new ArrayList<>();
    for (Leaf leaf : leaves) {
      turned.add(new Leaf(leaf.values().reversed(), leaf.real(), leaf.forecast()));
    }
    Collections.shuffle(turned, new Random(4));
    assertEquals(
        terms(ResidualPursuit.explain(NAMES, leaves)),
        terms(ResidualPursuit.explain(NAMES.reversed(), turned)));
  }

  @Test
  void moreValuesThanBitsLeaveTheStrongest() {
    List<Leaf> leaves = new ArrayList<>();
    Random random = new Random(8);
    for (int host = 0; host < 300; host++) {
      for (int path = 0; path < 4; path++) {
        double left = host == 250 ? 0.3 : 1;
        leaves.add(
            new Leaf(
                List.of("h" + host, "/" + path),
                100 * left * (1 + 0.02 * random.nextGaussian()),
                100));
      }
    }
    assertEquals(
        List.of(term("host", "h250")),
        ResidualPursuit.explain(List.of("host", "path"), leaves).getFirst().terms());
  }

  @Test
  void nothingDeviatesNothingIsFound() {
    List<Leaf> even = List.of(new Leaf(List.of("a"), 5, 5), new Leaf(List.of("b"), 7, 7));
    assertEquals(List.of(), ResidualPursuit.explain(List.of("x"), even));
    assertEquals(List.of(), ResidualPursuit.explain(List.of("x"), List.of()));
    assertEquals(
        List.of(), ResidualPursuit.explain(List.of("x"), List.of(new Leaf(List.of("a"), 0, 0))));
  }

  @Test
  void refusesWhatIsNoLeaf() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ResidualPursuit.explain(List.of("x", "y"), List.of(new Leaf(List.of("a"), 1, 1))));
    assertTrue(String.valueOf(refusal.getMessage()).contains("[x, y], had [a]"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ResidualPursuit.explain(List.of("x"), List.of(new Leaf(List.of("a"), Double.NaN, 1))));
  }
}
