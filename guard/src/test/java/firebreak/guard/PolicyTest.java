package firebreak.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.bubbleup.Explanation;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.slo.BurnAlert;
import firebreak.slo.Counts;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {
  private static final Instant NOW = Scene.ONSET.plusSeconds(60);
  private static final Settings SETTINGS = Scene.settings();
  private static final FlagState FLAG = new MemoryFlags().read(MemoryFlags.FLAG).orElseThrow();
  private static final BurnAlert ALERT = new Scene().alert();

  /** The talk's situation, in which everything speaks for acting. */
  private static final Situation TALK =
      new Situation(
          Incident.opened("incident", ALERT, 0.9, NOW).explained(Explanation.NOTHING, Scene.TALK),
          FLAG,
          "",
          true,
          "1",
          Scene.DEPLOY,
          new Counts(3_000, 150),
          new Counts(6_000, 300),
          Situation.Toggles.NONE,
          false,
          Instant.MIN,
          NOW);

  @Test
  void takesTheFlagFromTheOneCustomerThatExplainsTheBurn() {
    Decision.Withdraw decision =
        assertInstanceOf(Decision.Withdraw.class, Policy.decide(TALK, SETTINGS, Mode.ACT));
    assertEquals(
        new Audience.Contexts("customer", List.of("retail")), decision.withdrawal().audience());
    assertEquals("false", decision.withdrawal().toVariation());
    assertEquals("1", decision.withdrawal().fence());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refusal("is not listed", TALK, Settings.of("production", List.of("other-*"))),
        refusal("is not listed", TALK, Settings.of("production", List.of())),
        refusal(
            "is not both temporary and tagged auto-mitigate",
            TALK,
            new Settings("production", List.of("*"), true, true, Limits.DEFAULT, "")),
        refusal(
            "is not trusted",
            TALK,
            new Settings("production", List.of("*"), false, false, Limits.DEFAULT, "")),
        refusal("is not known to refuse a write", unfenced()),
        refusal("is archived", with(flag(true, Set.of()))),
        refusal("ask the flag short-cache first and would change with it: a, b", with(asked())),
        refusal("is tagged security", with(flag(false, Set.of("security")))),
        refusal("is tagged kill-switch", with(flag(false, Set.of("kill-switch")))),
        refusal(
            "slow enough",
            alert(
                one ->
                    new BurnAlert(
                        one.objective(),
                        one.detector(),
                        one.beganAt(),
                        one.detectedAt(),
                        one.endedAt(),
                        one.burnRate(),
                        one.budgetSpent(),
                        false))),
        refusal("Nobody saw the flag", fence("")),
        refusal("has been changed since", fence("0")),
        refusal("acting needs 0.95", finding(0.94, 0.01, 1e-6, 0.2)),
        refusal("next best suspect", finding(0.95, 0.096, 1e-6, 0.2)),
        refusal("is not significant", finding(0.99, 0.01, 0.0011, 0.2)),
        refusal("predicted to be left is 1.00", finding(0.99, 0.01, 1e-6, 1)),
        refusal("predicted to be left is NaN", finding(0.99, 0.01, 1e-6, Double.NaN)),
        refusal("would touch 99.9 % of the traffic", touching(0.999)),
        refusal("would touch 90.1 % of the traffic", touching(0.901)),
        refusal("would touch NaN % of the traffic", touching(Double.NaN)),
        refusal("No change of ours is blamed", blamed(null)),
        refusal("came after the burn began", blamed(deployedAt(Scene.ONSET.plusSeconds(11)))),
        refusal("7 hours old", blamed(deployedAt(NOW.minusSeconds(7 * 3_600)))),
        refusal("not fresh", counts(Counts.NONE, TALK.lastMinute())),
        refusal("burned at 0.83 of the allowed rate", counts(TALK.latest(), new Counts(6_000, 5))),
        refusal("burned at NaN of the allowed rate", counts(TALK.latest(), Counts.NONE)),
        refusal(
            "The burn is over",
            alert(
                one ->
                    new BurnAlert(
                        one.objective(),
                        one.detector(),
                        one.beganAt(),
                        one.detectedAt(),
                        NOW,
                        one.burnRate(),
                        one.budgetSpent()))),
        refusal("had its one try", tried()),
        refusal("Another mitigation is under way", toggles(new Situation.Toggles(0, 0, 0, 1))),
        refusal(
            "turned short-cache 1 times in the last day",
            toggles(new Situation.Toggles(0, 1, 1, 0))),
        refusal("3 flags in the last hour", toggles(new Situation.Toggles(3, 3, 0, 0))),
        refusal("6 flags in the last day", toggles(new Situation.Toggles(0, 6, 0, 0))),
        refusal("turned off for everyone", everyone(List.of())),
        refusal("turned off for everyone", everyone(List.of("a", "b", "c", "d"))),
        refusal("stop switch", stopped()));
  }

  private static Arguments refusal(String says, Situation situation) {
    return refusal(says, situation, SETTINGS);
  }

  private static Arguments refusal(String says, Situation situation, Settings settings) {
    return Arguments.of(says, situation, settings);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void asksAPersonWhereOneRuleDoesNotHold(String says, Situation situation, Settings settings) {
    Decision.AskHuman ask =
        assertInstanceOf(Decision.AskHuman.class, Policy.decide(situation, settings, Mode.ACT));
    assertEquals(1, ask.refusals().size(), ask.refusals().toString());
    assertTrue(ask.refusals().getFirst().contains(says), ask.refusals().getFirst());
  }

  static Stream<Arguments> nothingToTurn() {
    Verdict.Lever other =
        new Verdict.Lever(MemoryFlags.FLAG, "false", "customer_id", "customer", List.of("retail"));
    return Stream.of(
        Arguments.of("not enough evidence", verdict(Finding.UNSURE)),
        Arguments.of("rolling back build 8812", lever(null)),
        Arguments.of("nothing to take away", lever(other)),
        Arguments.of("nothing to take away", with(off())),
        Arguments.of("has no off variation", with(withoutOff())),
        Arguments.of("has no flag", with(null)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothingToTurn")
  void standsDownWhereThereIsNothingToTurn(String says, Situation situation) {
    Decision.StandDown down =
        assertInstanceOf(Decision.StandDown.class, Policy.decide(situation, SETTINGS, Mode.ACT));
    assertTrue(down.why().contains(says), down.why());
  }

  @Test
  void neverActsByItselfInModesWatchAndAsk() {
    for (Mode mode : List.of(Mode.WATCH, Mode.ASK)) {
      assertInstanceOf(Decision.AskHuman.class, Policy.decide(TALK, SETTINGS, mode));
    }
  }

  @Test
  void significanceIsSharedAmongTheFlagsThatAreSuspects() {
    List<Suspect> four =
        Stream.concat(
                Scene.TALK.suspects().stream(),
                Stream.of("a", "b", "c", "d").map(name -> suspect(name, "flag", 0.001)))
            .toList();
    Finding finding =
        new Finding(Scene.TALK.verdict(), four, Scene.TALK.prediction(), 0.0003, List.of());
    assertInstanceOf(Decision.AskHuman.class, Policy.decide(verdict(finding), SETTINGS, Mode.ACT));
  }

  @Test
  void turnsAFlagOffForEveryoneWhenUnitsProveIt() {
    Suspect suspect =
        new Suspect(
            Scene.DEPLOY.id(),
            "deploy",
            "",
            0.99,
            List.of(),
            List.of(),
            ProofAcrossUnitsTest.JUST_ENOUGH);
    Finding finding =
        new Finding(
            everyone(List.of()).verdict(),
            List.of(suspect),
            Scene.TALK.prediction(),
            0.001,
            List.of());
    Decision.Withdraw decision =
        assertInstanceOf(
            Decision.Withdraw.class, Policy.decide(verdict(finding), SETTINGS, Mode.ACT));
    assertEquals(new Audience.Everyone(), decision.withdrawal().audience());
  }

  @Test
  void theSameIntentHasTheSameNameWhateverTheOrderOfItsKeys() {
    Audience one = new Audience.Contexts("customer", List.of("a", "b"));
    Audience two = new Audience.Contexts("customer", List.of("b", "a"));
    assertEquals(
        Intent.id("production", "f", "1", one, "false"),
        Intent.id("production", "f", "1", two, "false"));
    Set<String> others =
        Set.of(
            Intent.id("staging", "f", "1", one, "false"),
            Intent.id("production", "g", "1", one, "false"),
            Intent.id("production", "f", "2", one, "false"),
            Intent.id("production", "f", "1", new Audience.Everyone(), "false"),
            Intent.id("production", "f", "1", one, "true"),
            Intent.id("production", "f", "1", one, "false"));
    assertEquals(6, others.size());
  }

  @Test
  void globsListFlags() {
    Settings settings = Settings.of("production", List.of("beta-*", "exact", "*.canary"));
    assertTrue(settings.lists("beta-") && settings.lists("beta-x") && settings.lists("exact"));
    assertTrue(settings.lists("a.canary"));
    for (String flag : List.of("beta", "exactly", "xbeta-1", "acanary", "")) {
      assertTrue(!settings.lists(flag), flag);
    }
  }

  private static Situation situation(
      Incident incident, @Nullable FlagState flag, String fence, @Nullable Change blamed) {
    return new Situation(
        incident,
        flag,
        "",
        true,
        fence,
        blamed,
        TALK.latest(),
        TALK.lastMinute(),
        TALK.toggles(),
        false,
        Instant.MIN,
        NOW);
  }

  private static Situation with(@Nullable FlagState flag) {
    return situation(TALK.incident(), flag, "1", Scene.DEPLOY);
  }

  private static Situation fence(String fence) {
    return situation(TALK.incident(), FLAG, fence, Scene.DEPLOY);
  }

  private static Situation blamed(@Nullable Change change) {
    return situation(TALK.incident(), FLAG, "1", change);
  }

  private static Situation verdict(Finding finding) {
    return situation(
        TALK.incident().explained(Explanation.NOTHING, finding), FLAG, "1", Scene.DEPLOY);
  }

  private static Situation alert(UnaryOperator<BurnAlert> change) {
    return situation(TALK.incident().seen(change.apply(ALERT), 0.9), FLAG, "1", Scene.DEPLOY);
  }

  private static Situation lever(Verdict.@Nullable Lever lever) {
    Verdict talk = Scene.TALK.verdict();
    return verdict(
        new Finding(
            new Verdict(talk.kind(), talk.changeId(), talk.buildId(), lever, talk.terms(), 0.99),
            Scene.TALK.suspects(),
            Scene.TALK.prediction(),
            1e-6,
            List.of()));
  }

  private static Situation everyone(List<String> keys) {
    return lever(new Verdict.Lever(MemoryFlags.FLAG, "true", "customer_id", "customer", keys));
  }

  private static Situation finding(double sure, double next, double pValue, double after) {
    return finding(sure, next, pValue, new Finding.Prediction(after, 0, 1, 0.05));
  }

  private static Situation touching(double traffic) {
    return finding(0.99, 0.01, 1e-6, new Finding.Prediction(0.2, 0, 0.8, traffic));
  }

  private static Situation finding(
      double sure, double next, double pValue, Finding.Prediction prediction) {
    Verdict talk = Scene.TALK.verdict();
    return verdict(
        new Finding(
            new Verdict(
                talk.kind(), talk.changeId(), talk.buildId(), talk.lever(), talk.terms(), sure),
            List.of(suspect(talk.changeId(), "deploy", sure), suspect("other", "build", next)),
            prediction,
            pValue,
            List.of()));
  }

  private static Suspect suspect(String id, String kind, double posterior) {
    return new Suspect(id, kind, id, posterior, List.of(), List.of(), Suspect.Evidence.NONE);
  }

  private static Situation counts(Counts latest, Counts lastMinute) {
    return new Situation(
        TALK.incident(),
        FLAG,
        "",
        true,
        "1",
        Scene.DEPLOY,
        latest,
        lastMinute,
        TALK.toggles(),
        false,
        Instant.MIN,
        NOW);
  }

  /** What is decided in the talk's situation after these toggles. */
  static Decision decide(Situation.Toggles toggles) {
    return Policy.decide(toggles(toggles), SETTINGS, Mode.ACT);
  }

  private static Situation toggles(Situation.Toggles toggles) {
    return new Situation(
        TALK.incident(),
        FLAG,
        "",
        true,
        "1",
        Scene.DEPLOY,
        TALK.latest(),
        TALK.lastMinute(),
        toggles,
        false,
        Instant.MIN,
        NOW);
  }

  private static Situation unfenced() {
    return new Situation(
        TALK.incident(),
        FLAG,
        "",
        false,
        "1",
        Scene.DEPLOY,
        TALK.latest(),
        TALK.lastMinute(),
        TALK.toggles(),
        false,
        Instant.MIN,
        NOW);
  }

  private static Situation stopped() {
    return new Situation(
        TALK.incident(),
        FLAG,
        "",
        true,
        "1",
        Scene.DEPLOY,
        TALK.latest(),
        TALK.lastMinute(),
        TALK.toggles(),
        true,
        Instant.MIN,
        NOW);
  }

  private static Situation tried() {
    Decision.Withdraw first = (Decision.Withdraw) Policy.decide(TALK, SETTINGS, Mode.ACT);
    Mitigation cancelled =
        Mitigation.proposed(
            Mitigation.State.CANCELLED,
            first.withdrawal(),
            Mitigation.GUARD,
            List.of(),
            Scene.TALK.prediction(),
            NOW);
    return situation(TALK.incident().proposing(cancelled), FLAG, "1", Scene.DEPLOY);
  }

  private static Change.Deploy deployedAt(Instant time) {
    Change.Deploy deploy = Scene.DEPLOY;
    return new Change.Deploy(
        deploy.id(),
        time,
        null,
        deploy.service(),
        deploy.environment(),
        deploy.buildId(),
        "",
        "",
        "",
        deploy.state(),
        false,
        "",
        "",
        "");
  }

  private static FlagState flag(boolean archived, Set<String> tags) {
    return new FlagState(
        FLAG.key(), "1", true, FLAG.variations(), "false", true, archived, tags, "{}");
  }

  private static FlagState asked() {
    return new FlagState(
        FLAG.key(),
        "1",
        true,
        FLAG.variations(),
        "false",
        true,
        false,
        Set.of(),
        "{}",
        Set.of("b", "a"));
  }

  private static FlagState off() {
    return new FlagState(
        FLAG.key(), "1", false, FLAG.variations(), "false", true, false, Set.of(), "{}");
  }

  private static FlagState withoutOff() {
    return new FlagState(
        FLAG.key(), "1", true, FLAG.variations(), null, true, false, Set.of(), "{}");
  }
}
