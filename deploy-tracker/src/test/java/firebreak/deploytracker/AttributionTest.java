package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bubbleup.Term;
import firebreak.deploytracker.Fleet.Request;
import firebreak.deploytracker.Verdict.Kind;
import firebreak.deploytracker.Verdict.Lever;
import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories: what happened goes in as events and changes, who did it comes out. */
@Execution(ExecutionMode.CONCURRENT)
class AttributionTest {
  private static final double USUAL = 0.0002;

  private static Supplier<String> story(Fleet fleet, Finding finding) {
    StringBuilder text = new StringBuilder("seed " + fleet.seed() + "\n" + finding.verdict());
    for (Suspect suspect : finding.suspects()) {
      text.append(
          "\n%.3f %s %s\n  + %s\n  - %s\n  %s"
              .formatted(
                  suspect.posterior(),
                  suspect.kind(),
                  suspect.name(),
                  String.join("\n  + ", suspect.reasonsFor()),
                  String.join("\n  - ", suspect.reasonsAgainst()),
                  suspect.evidence()));
    }
    text.append("\n").append(finding.prediction()).append(" p ").append(finding.pValue());
    if (Boolean.getBoolean("stories")) {
      System.out.println(text);
    }
    return text::toString;
  }

  private static Suspect suspect(Finding finding, String changeId) {
    return finding.suspects().stream()
        .filter(suspect -> suspect.changeId().equals(changeId))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSumsToOne(Finding finding) {
    assertEquals(1, finding.suspects().stream().mapToDouble(Suspect::posterior).sum(), 1e-9);
  }

  private static void served(Request request, String flag, boolean on) {
    request.put(FieldRoles.FLAG_PREFIX + flag, Boolean.toString(on));
  }

  /** Build 8812 shortens a cache behind a flag for beta customers; retail asks fifty times. */
  static Fleet talk(long seed) {
    return new Fleet(seed)
        .rollsOut(0, 8)
        .changesFlag("dark-mode", 2.5)
        .surges(
            (customer, host, time) ->
                customer.equals("retail") && !time.isBefore(Fleet.at(3)) ? 50 : 1)
        .fails(AttributionTest::talkFate);
  }

  private static double talkFate(Request request) {
    boolean retail = request.has("customer_id", "retail");
    served(request, "short-cache", retail || Fleet.isIn("beta", request.customer(), 0.04));
    served(
        request,
        "dark-mode",
        !request.time().isBefore(Fleet.at(2.5))
            && (retail || Fleet.isIn("dark", request.customer(), 0.5)));
    if (retail && request.time().toEpochMilli() % 3 > 0) {
      request.fields().put("partition", Value.of(request.time().toEpochMilli() % 2 == 0 ? 17 : 42));
    }
    boolean hot =
        List.of(Value.of(17), Value.of(42), Value.of(77))
            .contains(request.fields().get("partition"));
    boolean sick = retail && hot && request.has("build_id", "8812");
    return sick && !request.time().isBefore(Fleet.at(3)) ? 0.35 : USUAL;
  }

  /** Most events of the burn are the customer's, who sends a twentieth of them when all is well. */
  private static void assertCountsTrafficAsUsual(Finding finding, Supplier<String> story) {
    double customer = finding.prediction().trafficAffected();
    assertEquals(0.05, customer, 0.045, story);
    Counterfactual one = step(finding, Counterfactual.Step.CUSTOMER);
    Counterfactual all = step(finding, Counterfactual.Step.VARIATION);
    assertEquals(customer, one.trafficAffected(), 1e-9, story);
    assertTrue(all.trafficAffected() >= customer && all.trafficAffected() < customer + 0.25, story);
    assertTrue(all.burnRate().value() <= one.burnRate().value() + 0.1, story);
  }

  private static Counterfactual step(Finding finding, Counterfactual.Step step) {
    return finding.counterfactuals().stream()
        .filter(one -> one.step() == step)
        .findFirst()
        .orElseThrow();
  }

  private static void assertTalk(Fleet fleet, Finding finding, String build, String customer) {
    Supplier<String> story = story(fleet, finding);
    Verdict verdict = finding.verdict();
    assertEquals(Kind.DEPLOY, verdict.kind(), story);
    assertEquals("deploy:8812", verdict.changeId(), story);
    assertEquals(build, verdict.buildId(), story);
    assertEquals(
        new Lever("short-cache", "true", "customer_id", "customer", List.of(customer)),
        verdict.lever(),
        story);
    assertEquals(List.of(new Term("customer_id", Value.of(customer))), verdict.terms(), story);
    assertTrue(verdict.posterior() > 0.9, story);
    assertTrue(finding.pValue() < 1e-3, story);
    assertTrue(finding.prediction().burnRateAfter() < 1, story);
    assertTrue(
        finding.prediction().low() <= finding.prediction().burnRateAfter()
            && finding.prediction().burnRateAfter() <= finding.prediction().high(),
        story);
    assertSumsToOne(finding);
    assertCountsTrafficAsUsual(finding, story);
    Suspect latest = suspect(finding, "flag:dark-mode");
    assertTrue(latest.posterior() < 0.05, story);
    assertTrue(!latest.reasonsAgainst().isEmpty(), story);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void blamesTheBuildAndTurnsTheFlagForTheOneCustomer(long seed) {
    Fleet fleet = talk(seed);
    assertTalk(fleet, fleet.judge(3), "8812", "retail");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blamesABuildThatFailsEverybodyAsItRolls(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(0, 8)
            .changesFlag("dark-mode", -1)
            .fails(
                request -> {
                  served(request, "dark-mode", Fleet.isIn("dark", request.customer(), 0.5));
                  return request.has("build_id", "8812") ? 0.06 : USUAL;
                });
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    assertEquals(Kind.DEPLOY, finding.verdict().kind(), story);
    assertEquals("8812", finding.verdict().buildId(), story);
    assertNull(finding.verdict().lever(), story);
    assertTrue(
        suspect(finding, "flag:dark-mode").reasonsAgainst().stream()
            .anyMatch(reason -> reason.contains("risk ratio")),
        story);
    assertSumsToOne(finding);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blamesABuildThatNobodyDeclared(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(0, 8)
            .forgetsToDeclareDeploys()
            .fails(request -> request.has("build_id", "8812") ? 0.06 : USUAL);
    Finding finding = fleet.judge(0);
    assertEquals(Kind.DEPLOY, finding.verdict().kind(), story(fleet, finding));
    assertEquals("deploy:observed:query-api:8812", finding.verdict().changeId());
  }

  /** Once with every event, and once with one in twenty of the good ones, as clients thin them. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "1, 20", "2, 20", "3, 20"})
  void blamesAFlagThatFailsAQuarterOfCustomers(long seed, int goodRate) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(-20, 8)
            .changesFlag("new-planner", 0)
            .thinsGoodOnes(goodRate)
            .fails(
                request -> {
                  boolean on =
                      !request.time().isBefore(Fleet.at(0))
                          && Fleet.isIn("new-planner", request.customer(), 0.25);
                  served(request, "new-planner", on);
                  return on ? 0.08 : USUAL;
                });
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    Verdict verdict = finding.verdict();
    assertEquals(Kind.FLAG, verdict.kind(), story);
    assertEquals("flag:new-planner", verdict.changeId(), story);
    assertEquals(new Lever("new-planner", "true", "", "", List.of()), verdict.lever(), story);
    assertTrue(finding.prediction().burnRateAfter() < 2, story);
    assertEquals(0.25, finding.prediction().trafficAffected(), 0.15, story);
    assertSumsToOne(finding);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blamesNoChangeForACustomerWhoFailsOnBothBuilds(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(0, 8)
            .surges(
                (customer, host, time) ->
                    customer.equals("retail") && !time.isBefore(Fleet.at(3)) ? 50 : 1)
            .fails(
                request ->
                    request.has("customer_id", "retail") && !request.time().isBefore(Fleet.at(3))
                        ? 0.25
                        : USUAL);
    Finding finding = fleet.judge(3);
    Supplier<String> story = story(fleet, finding);
    assertEquals(Kind.CUSTOMER, finding.verdict().kind(), story);
    assertNull(finding.verdict().lever(), story);
    assertEquals(
        List.of(new Term("customer_id", Value.of("retail"))), finding.verdict().terms(), story);
    assertSumsToOne(finding);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void doesNotBlameTheFlagThatWentToEverybodyBeforeARegionFailed(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .changesFlag("new-planner", -1)
            .fails(
                request -> {
                  served(request, "new-planner", !request.time().isBefore(Fleet.at(-1)));
                  return request.has("region", "south") && !request.time().isBefore(Fleet.at(0))
                      ? 0.2
                      : USUAL;
                });
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    assertEquals(Kind.NONE, finding.verdict().kind(), story);
    assertTrue(suspect(finding, "flag:new-planner").posterior() < 0.1, story);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isNotSureWhenEverythingFailsAfterAFlagWentToEverybody(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .changesFlag("new-planner", -1)
            .fails(
                request -> {
                  served(request, "new-planner", !request.time().isBefore(Fleet.at(-1)));
                  return request.time().isBefore(Fleet.at(0)) ? USUAL : 0.1;
                });
    Finding finding = fleet.judge(0);
    assertEquals(Kind.UNSURE, finding.verdict().kind(), story(fleet, finding));
    assertNull(finding.verdict().lever());
  }

  /** Some were seen without it, in the seconds before the change, but far too few to clear it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void clearsNoFlagByAHandfulOfEvents(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .changesFlag("new-planner", 0.07)
            .fails(
                request -> {
                  boolean on = !request.time().isBefore(Fleet.at(0.07));
                  served(request, "new-planner", on);
                  return on ? 0.1 : USUAL;
                });
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    assertEquals(Kind.UNSURE, finding.verdict().kind(), story);
    assertNull(finding.verdict().lever(), story);
    assertTrue(
        suspect(finding, "flag:new-planner").reasonsAgainst().stream()
            .noneMatch(reason -> reason.startsWith("as many")),
        story);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blamesNoChangeForASlowHost(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(-2, 8)
            .fails(
                request ->
                    request.host() == 5 && !request.time().isBefore(Fleet.at(0)) ? 0.3 : USUAL);
    Finding finding = fleet.judge(0);
    assertEquals(Kind.NONE, finding.verdict().kind(), story(fleet, finding));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void doesNotBlameTheFlagOfClientsThatAlwaysFailMore(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .changesFlag("new-planner", -2)
            .surges(
                (customer, host, time) ->
                    Integer.parseInt("0" + customer.replaceAll("\\D", "")) % 5 == 0
                            && !time.isBefore(Fleet.at(0))
                        ? 3
                        : 1)
            .fails(
                request -> {
                  boolean mobile = request.has("platform", "mobile");
                  served(
                      request,
                      "new-planner",
                      !request.time().isBefore(Fleet.at(-2))
                          && Fleet.isIn("planner", request.customer(), mobile ? 0.8 : 0.1));
                  return mobile ? 0.03 : 0.002;
                });
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    assertNotEquals(Kind.FLAG, finding.verdict().kind(), story);
    assertNotEquals(Kind.DEPLOY, finding.verdict().kind(), story);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1", "5, 1", "1, 20", "2, 20", "3, 20", "4, 20", "5, 20"})
  void doesNotBlameAHalfRolledFlagForFailuresOfAFewCustomers(long seed, int goodRate) {
    Fleet fleet =
        new Fleet(seed)
            .changesFlag("dark-mode", -1)
            .thinsGoodOnes(goodRate)
            .fails(
                request -> {
                  served(
                      request,
                      "dark-mode",
                      !request.time().isBefore(Fleet.at(-1))
                          && Fleet.isIn("dark" + seed, request.customer(), 0.5));
                  boolean sick = Fleet.isIn("unlucky" + seed, request.customer(), 0.05);
                  return sick && !request.time().isBefore(Fleet.at(0)) ? 0.4 : USUAL;
                });
    Finding finding = fleet.judge(0);
    assertNotEquals(Kind.FLAG, finding.verdict().kind(), story(fleet, finding));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blamesTheFlagThatOneCustomerWasTargetedWith(long seed) {
    Fleet fleet =
        new Fleet(seed)
            .rollsOut(-30, 8)
            .changesFlag("bulk-export", 0)
            .fails(
                request -> {
                  boolean on =
                      request.has("customer_id", "retail") && !request.time().isBefore(Fleet.at(0));
                  served(request, "bulk-export", on);
                  return on ? 0.5 : USUAL;
                })
            .surges((customer, host, time) -> customer.equals("retail") ? 3 : 1);
    Finding finding = fleet.judge(0);
    Supplier<String> story = story(fleet, finding);
    assertEquals(Kind.FLAG, finding.verdict().kind(), story);
    Lever lever = finding.verdict().lever();
    assertNotNull(lever, story);
    assertEquals(List.of("retail"), lever.keys(), story);
    assertTrue(finding.prediction().burnRateAfter() < 1.5, story);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void isNotSureOfAnythingWhenNothingBurns(long seed) {
    Fleet fleet = new Fleet(seed).rollsOut(0, 8).changesFlag("dark-mode", 1);
    assertEquals(Finding.UNSURE, fleet.judge(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void doesNotDependOnTheOrderOfEvents(long seed) {
    Fleet fleet = talk(seed).shuffled();
    assertTalk(fleet, fleet.judge(3), "8812", "retail");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void doesNotDependOnNames(long seed) {
    Map<String, String> names = Map.of("retail", "aaa", "host-3", "zz", "south", "10");
    Fleet fleet =
        talk(seed)
            .rewritten(
                event -> {
                  Map<String, Value> fields = new HashMap<>(event.fields());
                  fields.replaceAll(
                      (_, value) ->
                          names.containsKey(value.display())
                              ? Value.of(names.getOrDefault(value.display(), ""))
                              : value);
                  return new Event(event.time(), event.sampleRate(), fields);
                });
    assertTalk(fleet, fleet.judge(3), "8812", "aaa");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void doesNotMindCopiesOfFieldsAndNoise(long seed) {
    Fleet fleet =
        talk(seed)
            .rewritten(
                event -> {
                  Map<String, Value> fields = new HashMap<>(event.fields());
                  for (String field : List.of("customer_id", "host.name", "build_id")) {
                    fields.put("a." + field, fields.getOrDefault(field, Value.of("")));
                  }
                  fields.put("noise", Value.of(Instant.EPOCH.hashCode() + fields.hashCode() % 10));
                  return new Event(event.time(), event.sampleRate(), fields);
                });
    assertTalk(fleet, fleet.judge(3), "8812", "retail");
  }
}
