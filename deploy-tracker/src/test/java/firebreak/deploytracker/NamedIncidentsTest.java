package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Fleet.Request;
import firebreak.deploytracker.Verdict.Kind;
import firebreak.eventstore.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The incidents that everybody knows by name: what happened goes in as events and changes, the
 * verdict comes out, and the reason for it in one sentence.
 */
@Execution(ExecutionMode.CONCURRENT)
class NamedIncidentsTest {
  private static final double USUAL = 0.0005;

  private static void assertVerdict(Finding finding, Kind kind, String changeId) {
    assertEquals(kind, finding.verdict().kind(), () -> story(finding));
    assertEquals(changeId, finding.verdict().changeId(), () -> story(finding));
  }

  private static void assertSays(List<String> sentences, String sentence, Finding finding) {
    assertTrue(sentences.stream().anyMatch(one -> one.contains(sentence)), () -> story(finding));
  }

  private static void assertBlamesTheFlagOrNobody(Finding finding) {
    Verdict verdict = finding.verdict();
    assertTrue(
        verdict.kind() == Kind.UNSURE || verdict.changeId().equals("flag:new-planner"),
        () -> story(finding));
  }

  private static Suspect suspect(Finding finding, String changeId, String kind) {
    return finding.suspects().stream()
        .filter(suspect -> suspect.changeId().equals(changeId) && suspect.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> reasonsFor(Finding finding, String changeId, String kind) {
    return suspect(finding, changeId, kind).reasonsFor();
  }

  private static List<String> reasonsAgainst(Finding finding, String changeId, String kind) {
    return suspect(finding, changeId, kind).reasonsAgainst();
  }

  private static String story(Finding finding) {
    StringBuilder text = new StringBuilder(finding.verdict().toString());
    finding.suspects().forEach(suspect -> text.append('\n').append(suspect));
    return text.toString();
  }

  private static void serve(Request request, String flag, String variation) {
    request.put(FieldRoles.FLAG_PREFIX + flag, variation);
  }

  private static boolean isSince(Request request, double minute) {
    return !request.time().isBefore(Fleet.at(minute));
  }

  @Test
  void theTalk() {
    Finding finding = AttributionTest.talk(1).judge(3);
    assertVerdict(finding, Kind.DEPLOY, "deploy:8812");
    Verdict.Lever lever = finding.verdict().lever();
    assertNotNull(lever);
    assertEquals("short-cache", lever.flag());
    assertEquals(List.of("retail"), lever.keys());
    assertSays(
        reasonsFor(finding, "deploy:8812", "deploy"),
        "every bad event on it was served short-cache = true",
        finding);
  }

  /** The clients that get the flag first are those that fail more on any day. */
  @Test
  void simpsonsParadox() {
    Finding finding =
        new Fleet(1)
            .changesFlag("mobile-first", -2)
            .surges(
                (customer, host, time) ->
                    Integer.parseInt("0" + customer.replaceAll("\\D", "")) % 5 == 0
                            && !time.isBefore(Fleet.at(0))
                        ? 8
                        : 1)
            .fails(
                request -> {
                  boolean mobile = request.has("platform", "mobile");
                  boolean on = Fleet.isIn("planner", request.customer(), mobile ? 0.8 : 0.1);
                  serve(request, "mobile-first", Boolean.toString(isSince(request, -2) && on));
                  return mobile ? 0.04 : 0.002;
                })
            .judge(0);
    assertVerdict(finding, Kind.NONE, "");
    assertSays(
        reasonsAgainst(finding, "flag:mobile-first", "flag"), "fails without it as well", finding);
  }

  @Test
  void theInnocentFlagAtAHundredPercentDuringARegionalOutage() {
    Finding finding =
        new Fleet(1)
            .changesFlag("new-planner", -1)
            .fails(
                request -> {
                  serve(request, "new-planner", Boolean.toString(isSince(request, -1)));
                  return request.has("region", "south") && isSince(request, 0) ? 0.2 : USUAL;
                })
            .judge(0);
    assertVerdict(finding, Kind.NONE, "");
    assertSays(reasonsFor(finding, "", "none"), "region = south fails with and without", finding);
  }

  /**
   * It reaches one host after the other within a minute. A customer who asks seldom may have been
   * reached in half of what it asked, and fails there as all do.
   */
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void theFlagThatReachesEverybodyWithinAMinute(long seed) {
    Finding finding =
        new Fleet(seed)
            .changesFlag("new-planner", 0)
            .fails(
                request -> {
                  boolean isReached = isSince(request, request.host() / 8.0);
                  serve(request, "new-planner", Boolean.toString(isReached));
                  return isReached ? 0.2 : 0.003;
                })
            .judge(0);
    assertBlamesTheFlagOrNobody(finding);
  }

  /** What just went to everybody may have broken the one endpoint: nobody can tell. */
  @Test
  void theFlagAtAHundredPercentBeforeOneEndpointFailed() {
    Finding finding =
        new Fleet(1)
            .changesFlag("new-planner", -1)
            .fails(
                request -> {
                  serve(request, "new-planner", Boolean.toString(isSince(request, -1)));
                  boolean slow = request.time().toEpochMilli() % 4 == 0;
                  request.put("http.route", slow ? "/search" : "/list");
                  return slow && isSince(request, 0) ? 0.2 : USUAL;
                })
            .judge(0);
    assertVerdict(finding, Kind.UNSURE, "");
    assertSays(
        reasonsAgainst(finding, "flag:new-planner", "flag"), "nobody to compare with", finding);
  }

  /** An endpoint fails as much for those whom a half rolled flag does not reach. */
  @Test
  void theEndpointThatFailsWithAndWithoutTheFlag() {
    Finding finding =
        new Fleet(1)
            .changesFlag("dark-mode", -1)
            .fails(
                request -> {
                  boolean on = isSince(request, -1) && Fleet.isIn("dark", request.customer(), 0.5);
                  serve(request, "dark-mode", Boolean.toString(on));
                  boolean slow = request.time().toEpochMilli() % 4 == 0;
                  request.put("http.route", slow ? "/search" : "/list");
                  return slow && isSince(request, 0) ? 0.2 : USUAL;
                })
            .judge(0);
    assertVerdict(finding, Kind.NONE, "");
    assertSays(
        reasonsFor(finding, "", "none"), "http.route = /search fails with and without", finding);
  }

  /** Build 8812 mends what a flag broke four minutes ago, and reaches host after host. */
  @Test
  void theFixThatRollsOutWhileErrorsFall() {
    Finding finding =
        new Fleet(1)
            .changesFlag("new-planner", 0)
            .rollsOut(4, 4)
            .fails(
                request -> {
                  boolean on =
                      isSince(request, 0) && Fleet.isIn("planner", request.customer(), 0.5);
                  serve(request, "new-planner", Boolean.toString(on));
                  return on && !request.has("build_id", "8812") ? 0.1 : USUAL;
                })
            .judge(0, 7);
    assertVerdict(finding, Kind.FLAG, "flag:new-planner");
    assertSays(reasonsAgainst(finding, "deploy:8812", "deploy"), "after the burn began", finding);
  }

  @Test
  void oneCustomersSurge() {
    Finding finding =
        new Fleet(1)
            .rollsOut(0, 8)
            .surges(
                (customer, host, time) ->
                    customer.equals("retail") && !time.isBefore(Fleet.at(3)) ? 50 : 1)
            .fails(
                request ->
                    request.has("customer_id", "retail") && isSince(request, 3) ? 0.25 : USUAL)
            .judge(3);
    assertVerdict(finding, Kind.CUSTOMER, "");
    assertSays(reasonsFor(finding, "", "customer"), "of the excess is retail’s", finding);
    assertSays(reasonsAgainst(finding, "deploy:8812", "deploy"), "without it as", finding);
  }

  @Test
  void theFlagThatHurtsOnePlanOnly() {
    Finding finding =
        new Fleet(1)
            .changesFlag("new-planner", 0)
            .fails(
                request -> {
                  boolean on =
                      isSince(request, 0) && Fleet.isIn("planner", request.customer(), 0.5);
                  serve(request, "new-planner", Boolean.toString(on));
                  request.put("customer.plan", request.customer() % 3 == 0 ? "free" : "pro");
                  return on && request.customer() % 3 == 0 ? 0.3 : USUAL;
                })
            .judge(0);
    assertVerdict(finding, Kind.FLAG, "flag:new-planner");
    assertTrue(
        finding.verdict().terms().toString().contains("free"), () -> finding.verdict().toString());
    assertSays(
        reasonsFor(finding, "flag:new-planner", "flag"), "bad with new-planner = true", finding);
  }

  /**
   * The plan fails only with the flag; that so few of its customers have it leaves a doubt, but the
   * plan did not do it.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theFlagThatHurtsAPlanOfFew(long seed) {
    Finding finding =
        new Fleet(seed)
            .changesFlag("new-planner", 0)
            .fails(
                request -> {
                  boolean on =
                      isSince(request, 0) && Fleet.isIn("planner", request.customer(), 0.5);
                  boolean isFree = request.customer() < 9;
                  serve(request, "new-planner", Boolean.toString(on));
                  request.put("customer.plan", isFree ? "free" : "pro");
                  return on && isFree ? 0.15 : 0.0001;
                })
            .judge(0);
    assertBlamesTheFlagOrNobody(finding);
  }

  /**
   * One shard of those with the flag fails the most, but the others with it fail as well, and
   * nobody without it: that the shard is worse off does not acquit the flag.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theFlagThatHurtsOneShardTheMost(long seed) {
    Finding finding =
        new Fleet(seed)
            .changesFlag("new-planner", 0)
            .fails(
                request -> {
                  boolean on =
                      isSince(request, 0) && Fleet.isIn("planner", request.customer(), 0.5);
                  serve(request, "new-planner", Boolean.toString(on));
                  request.put("shard", "shard-" + request.customer());
                  boolean isLarge = request.customer() < 12;
                  return !on || !isLarge ? 0.0001 : request.customer() < 3 ? 0.25 : 0.05;
                })
            .judge(0);
    assertBlamesTheFlagOrNobody(finding);
  }

  /** The flag has been on for half of the customers for long; the new build cannot bear it. */
  @Test
  void theFlagAndTheBuildThatFailOnlyTogether() {
    Finding finding =
        new Fleet(1)
            .changesFlag("new-planner", -60)
            .rollsOut(0, 8)
            .fails(
                request -> {
                  boolean on =
                      isSince(request, -60) && Fleet.isIn("planner", request.customer(), 0.5);
                  serve(request, "new-planner", Boolean.toString(on));
                  return on && request.has("build_id", "8812") ? 0.2 : USUAL;
                })
            .judge(0, 5);
    assertNotEquals(Kind.NONE, finding.verdict().kind(), () -> story(finding));
    Verdict.Lever lever = finding.verdict().lever();
    assertNotNull(lever, () -> story(finding));
    assertEquals("new-planner", lever.flag());
    assertEquals("8812", finding.verdict().buildId());
    assertTrue(finding.suspects().getFirst().name().contains("8812"), () -> story(finding));
  }

  /** Three arms are new; that one of them reaches fewer customers does not acquit it. */
  @Test
  void theBadArmOfSeveral() {
    Finding finding =
        new Fleet(1)
            .changesFlag("layout", 0)
            .fails(
                request -> {
                  int arm = Math.floorMod((request.customer() * 0x9E3779B9) >>> 8, 10);
                  String served =
                      arm < 3 ? "control" : arm < 6 ? "wide" : arm < 8 ? "cards" : "compact";
                  serve(request, "layout", isSince(request, 0) ? served : "control");
                  return request.has("flag.layout", "compact") ? 0.15 : USUAL;
                })
            .judge(0);
    assertVerdict(finding, Kind.FLAG, "flag:layout");
    Verdict.Lever lever = finding.verdict().lever();
    assertNotNull(lever);
    assertEquals("compact", lever.variation());
    assertSays(reasonsFor(finding, "flag:layout", "flag"), "bad with layout = compact", finding);
  }

  /** A stray failure a quarter of an hour ago makes the alert's onset too early. */
  @Test
  void theBuildThatCameAfterAStrayFailure() {
    Finding finding =
        new Fleet(1)
            .rollsOut(0, 4)
            .fails(
                request -> {
                  boolean stray = isSince(request, -13) && !isSince(request, -12.5);
                  return request.has("build_id", "8812") ? 0.1 : stray ? 0.05 : USUAL;
                })
            .judge(-13, 17);
    assertVerdict(finding, Kind.DEPLOY, "deploy:8812");
  }

  /** Three requests that stand for six hundred are three witnesses, and name no customer. */
  @Test
  void theFewEventsThatStandForMany() {
    AtomicInteger failed = new AtomicInteger();
    Finding finding =
        new Fleet(1)
            .fails(
                request -> {
                  boolean retail = request.has("customer_id", "retail") && isSince(request, 0);
                  return retail && failed.getAndIncrement() < 3 ? 1 : 0;
                })
            .rewritten(
                event -> {
                  boolean isBad = !Fleet.OBJECTIVE.good().matches(event);
                  return new Event(event.time(), isBad ? 200 : 1, event.fields());
                })
            .judge(0);
    assertNotEquals(Kind.CUSTOMER, finding.verdict().kind(), () -> story(finding));
  }

  /** Neither is the other's alibi: the one that does more harm is named, and both are suspects. */
  @Test
  void theTwoChangesThatAreBothGuilty() {
    Finding finding =
        new Fleet(1)
            .changesFlag("lesser", 0)
            .changesFlag("greater", 0)
            .fails(
                request -> {
                  boolean lesser =
                      isSince(request, 0) && Fleet.isIn("lesser", request.customer(), 0.3);
                  boolean greater =
                      isSince(request, 0) && Fleet.isIn("greater", request.customer(), 0.5);
                  serve(request, "lesser", Boolean.toString(lesser));
                  serve(request, "greater", Boolean.toString(greater));
                  return USUAL + (lesser ? 0.3 : 0) + (greater ? 0.3 : 0);
                })
            .judge(0);
    assertVerdict(finding, Kind.FLAG, "flag:greater");
    assertSays(reasonsFor(finding, "flag:lesser", "flag"), "bad with lesser = true", finding);
    assertTrue(suspect(finding, "flag:lesser", "flag").posterior() > 0.1, () -> story(finding));
  }

  /** What reached everybody and was well for half an hour does not fail from one second on. */
  @Test
  void theOutageOfEverythingHalfAnHourAfterARollout() {
    Finding finding =
        new Fleet(1).rollsOut(-40, 8).fails(request -> isSince(request, 0) ? 0.1 : USUAL).judge(0);
    assertVerdict(finding, Kind.NONE, "");
    assertSays(reasonsAgainst(finding, "deploy:8812", "deploy"), "nobody to compare with", finding);
  }

  /** A leak shows half an hour after a finished rollout, and slowly: it may be the build. */
  @Test
  void theLeakAfterAFinishedRollout() {
    Finding finding =
        new Fleet(1)
            .rollsOut(-40, 8)
            .fails(
                request -> {
                  double minutes = Duration.between(Fleet.at(0), request.time()).toSeconds() / 60.0;
                  return Math.clamp(minutes / 20, 0, 1) * 0.2 + USUAL;
                })
            .judge(2, 10);
    assertVerdict(finding, Kind.UNSURE, "");
  }
}
