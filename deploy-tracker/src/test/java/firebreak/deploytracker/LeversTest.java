package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Fleet.Request;
import firebreak.deploytracker.Verdict.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bad build with a flag that stands before its failing path, or with one that may as well not.
 */
@Execution(ExecutionMode.CONCURRENT)
class LeversTest {
  private static final double USUAL = 0.0005;

  /** All fail on the new build but those customers, the only ones without the flag. */
  private static Fleet buildWithAFlagThatIsNotFor(long seed, Set<Integer> without) {
    return new Fleet(seed)
        .rollsOut(0, 8)
        .fails(
            request -> {
              boolean on = !without.contains(request.customer());
              serve(request, on);
              return on && request.has("build_id", "8812") ? 0.3 : USUAL;
            });
  }

  private static void serve(Request request, boolean on) {
    request.put(FieldRoles.FLAG_PREFIX + "retry-budget", Boolean.toString(on));
  }

  private static void assertBlamesTheBuild(Finding finding) {
    assertEquals(Kind.DEPLOY, finding.verdict().kind(), finding::toString);
    assertEquals("deploy:8812", finding.verdict().changeId(), finding::toString);
  }

  private static Suspect build(Finding finding) {
    return finding.suspects().stream()
        .filter(suspect -> suspect.changeId().equals("deploy:8812"))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSays(List<String> sentences, String sentence) {
    assertTrue(sentences.stream().anyMatch(one -> one.contains(sentence)), sentences::toString);
  }

  /** That the one customer is well may be for the flag it lacks, or for anything else about it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theFlagThatNearlyEverybodyHas(long seed) {
    Finding finding = buildWithAFlagThatIsNotFor(seed, Set.of(0)).judge(0, 5);
    assertBlamesTheBuild(finding);
    assertNull(finding.verdict().lever(), finding::toString);
    assertSays(
        build(finding).reasonsAgainst(),
        "cannot be told whether it fails only with retry-budget = true");
    assertTrue(
        build(finding).reasonsFor().stream().noneMatch(reason -> reason.contains("retry-budget")),
        finding::toString);
  }

  /** Of ten customers one is without the flag, and all of those are well: they are thirty. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theFlagThatNineInTenHave(long seed) {
    Set<Integer> without =
        IntStream.range(0, 30).map(i -> 10 * i + 7).boxed().collect(Collectors.toSet());
    Finding finding = buildWithAFlagThatIsNotFor(seed, without).judge(0, 5);
    assertBlamesTheBuild(finding);
    Verdict.Lever lever = finding.verdict().lever();
    assertNotNull(lever, finding::toString);
    assertEquals("retry-budget", lever.flag());
    assertSays(build(finding).reasonsFor(), "was served retry-budget = true");
  }

  /** The customer that fails is served what nearly all are: that it has it says nothing. */
  @Test
  void theOneCustomerWithAFlagThatNearlyEverybodyHas() {
    Finding finding =
        new Fleet(1)
            .rollsOut(0, 8)
            .surges((customer, host, time) -> customer.equals("retail") ? 20 : 1)
            .fails(
                request -> {
                  boolean on = request.customer() % 10 != 7;
                  serve(request, on);
                  boolean retail = request.has("customer_id", "retail");
                  return retail && request.has("build_id", "8812") ? 0.3 : USUAL;
                })
            .judge(0, 5);
    assertBlamesTheBuild(finding);
    assertNull(finding.verdict().lever(), finding::toString);
    assertSays(
        build(finding).reasonsAgainst(),
        "cannot be told whether it fails only with retry-budget = true");
  }
}
