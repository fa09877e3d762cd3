package firebreak.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.sim.QueryApi.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TalkIncidentTest {
  private static final Instant START = Instant.parse("2026-03-02T14:00:00Z");
  private static final Duration LIVE = Duration.ofMinutes(2);

  /** As the flag file has it before anyone acts. */
  private static final Serving BETA_ONLY =
      (flag, customer) -> Boolean.toString(flag.equals("short-cache") && customer.beta());

  private static final Serving RETAIL_OFF =
      (flag, customer) ->
          customer.id().equals("retail") ? "false" : BETA_ONLY.variation(flag, customer);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void onlyRetailOnTheNewBuildIsSlow(long seed) {
    List<Sent> slow = live(TalkIncident.Kind.TALK, seed, BETA_ONLY).filter(this::isSlow).toList();
    long retail =
        slow.stream()
            .filter(is("customer_id", "retail"))
            .filter(is("build_id", "8812"))
            .filter(is("flag.short-cache", "true"))
            .count();
    assertTrue(slow.size() > 3_000, "slow queries: " + slow.size() + ", seed " + seed);
    assertTrue(
        (double) retail / slow.size() > 0.99, retail + " of " + slow.size() + ", seed " + seed);
    assertEquals(
        List.of(17, 42, 77),
        slow.stream()
            .filter(is("customer_id", "retail"))
            .map(event -> (Integer) event.fields().get("partition"))
            .distinct()
            .sorted()
            .toList());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void takingTheFlagFromRetailEndsIt(long seed) {
    long slow = live(TalkIncident.Kind.TALK, seed, RETAIL_OFF).filter(this::isSlow).count();
    assertTrue(slow < 10, slow + " slow queries, seed " + seed);
  }

  @Test
  void retailsQueriesRunFiftyTimesAsOftenWhereTheBuildIsNew() {
    List<Sent> events = live(TalkIncident.Kind.TALK, 7, BETA_ONLY).toList();
    Instant late = START.plusSeconds(80);
    double onNew = rate(events, late, "8812") / 6;
    double onOld = rate(events, late, "8811") / 2;
    assertTrue(onNew / onOld > 30 && onNew / onOld < 75, onNew + " against " + onOld);
  }

  @Test
  void anOutageKnowsNoBuildAndNoFlag() {
    List<Sent> events = live(TalkIncident.Kind.OUTAGE, 5, BETA_ONLY).toList();
    List<Sent> after =
        events.stream().filter(e -> e.time().isAfter(START.plusSeconds(60))).toList();
    for (String build : List.of("8811", "8812")) {
      List<Sent> of = after.stream().filter(is("build_id", build)).toList();
      double share = of.stream().filter(this::isSlow).count() / (double) of.size();
      assertEquals(0.9, share, 0.05, build);
    }
  }

  @Test
  void theSameSeedGivesTheSameEventsAndAnotherSeedOthers() {
    List<Sent> once = live(TalkIncident.Kind.TALK, 11, BETA_ONLY).toList();
    assertEquals(once, live(TalkIncident.Kind.TALK, 11, BETA_ONLY).toList());
    assertNotEquals(once, live(TalkIncident.Kind.TALK, 12, BETA_ONLY).toList());
  }

  @Test
  void thirtyQuietDaysSpendAboutATenthOfTheBudget() {
    Production production = Production.seeded(1);
    TalkIncident incident = new TalkIncident(TalkIncident.Kind.TALK, 1, START);
    History history =
        new History(new QueryApi(production, 1), incident.earlierRollout(production), BETA_ONLY, 1);
    List<Sent> past = new ArrayList<>();
    history.play(START, 1_000, past::addAll);
    long all = past.stream().mapToLong(Sent::sampleRate).sum();
    long slow = past.stream().filter(this::isSlow).mapToLong(Sent::sampleRate).sum();
    double spent = (double) slow / (0.001 * all);
    assertEquals(1, all / (40.0 * 86_400 * 30), 0.05);
    assertTrue(spent > 0.05 && spent < 0.2, "spent " + spent);
    assertTrue(past.size() < 80_000, "events " + past.size());
    assertEquals(
        past.stream().map(Sent::time).sorted().toList(),
        past.stream().map(Sent::time).collect(Collectors.toList()));
  }

  private static Stream<Sent> live(TalkIncident.Kind kind, long seed, Serving serving) {
    Production production = Production.seeded(seed);
    TalkIncident incident = new TalkIncident(kind, seed, START);
    QueryApi api = new QueryApi(production, seed);
    List<Sent> events = new ArrayList<>();
    for (Instant at = START; at.isBefore(START.plus(LIVE)); at = at.plusMillis(250)) {
      events.addAll(api.interval(at, 250, incident.rollout(production), serving, incident.fault()));
    }
    return events.stream();
  }

  private static double rate(List<Sent> events, Instant from, String build) {
    return events.stream()
        .filter(event -> event.time().isAfter(from))
        .filter(is("customer_id", "retail"))
        .filter(is("build_id", build))
        .count();
  }

  private boolean isSlow(Sent event) {
    return event.fields().get("duration_ms") instanceof Number duration
        && duration.doubleValue() >= 2_000;
  }

  private static Predicate<Sent> is(String field, String value) {
    return event -> value.equals(event.fields().get(field));
  }
}
