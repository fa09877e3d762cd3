package firebreak.sim.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.flags.FlagRules;
import firebreak.sim.fleet.World.Customer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
  private static final long SEED = 7;

  private static List<Map<String, Object>> fields(Fleet fleet) {
    return fleet.events(1, 1).stream().map(FleetEvent::fields).toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSeedIsOneProductionAndAnotherSeedAnother(Kind kind) {
    Fleet fleet = Fleet.of(kind, SEED);
    Fleet same = Fleet.of(kind, SEED);
    assertEquals(fields(fleet), fields(same));
    assertEquals(fleet.notices(), same.notices());
    assertEquals(fleet.truth(), same.truth());
    assertNotEquals(fields(fleet), fields(Fleet.of(kind, SEED + 1)));
  }

  private static boolean isBad(FleetEvent event) {
    Map<String, Object> fields = event.fields();
    return number(fields, "status_code") >= 500 || number(fields, "duration_ms") >= 2_000;
  }

  private static double number(Map<String, Object> fields, String name) {
    return ((Number) Objects.requireNonNull(fields.get(name), name)).doubleValue();
  }

  private static long bad(List<FleetEvent> events) {
    return events.stream().filter(FleetTest::isBad).mapToLong(FleetEvent::sampleRate).sum();
  }

  private static long weight(List<FleetEvent> events) {
    return events.stream().mapToLong(FleetEvent::sampleRate).sum();
  }

  /** Also of events that are thinned: the bad ones exactly, all of them nearly. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsCountedIsWhatIsShown(Kind kind) {
    Fleet fleet = Fleet.of(kind, SEED);
    List<Fleet.Counts> counts = fleet.counts(5);
    long countedBad = counts.stream().mapToLong(Fleet.Counts::bad).sum();
    long counted = countedBad + counts.stream().mapToLong(Fleet.Counts::good).sum();
    List<FleetEvent> events = fleet.events(5, 1);
    assertEquals(countedBad, bad(events));
    assertEquals(counted, weight(events));
    List<FleetEvent> thinned = fleet.events(5, 4);
    assertTrue(thinned.size() < events.size());
    assertEquals(countedBad, bad(thinned));
    assertEquals(1, (double) weight(thinned) / counted, 0.25);
  }

  private static double badShare(List<FleetEvent> events, Predicate<Map<String, Object>> which) {
    List<FleetEvent> those = events.stream().filter(event -> which.test(event.fields())).toList();
    assertTrue(those.size() > 30, "only " + those.size());
    return (double) bad(those) / weight(those);
  }

  private static List<FleetEvent> during(Fleet fleet, int from, int until) {
    List<FleetEvent> events = new ArrayList<>();
    for (int minute = from; minute < until; minute++) {
      events.addAll(fleet.events(minute, 1));
    }
    return events;
  }

  /** What the truth says may be taken away does the harm, in the same minutes. */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FLAG_PARTIAL", "FLAG_ARM", "FLAG_ONE_PERCENT", "FLAG_WITH_INNOCENT_BUILD"})
  void theGuiltyVariationFailsAndTheOthersDoNot(Kind kind) {
    for (long seed = 1; seed <= 3; seed++) {
      Fleet fleet = Fleet.of(kind, seed);
      Truth.Lever lever = fleet.truth().levers().getFirst();
      List<FleetEvent> events = during(fleet, 5, 25);
      Predicate<Map<String, Object>> served =
          fields -> lever.variation().equals(fields.get("flag." + lever.flag()));
      double guilty = badShare(events, served);
      double others = badShare(events, served.negate());
      assertTrue(
          guilty > 0.015 && guilty > 5 * others,
          "%s %d: %f with, %f without".formatted(kind, seed, guilty, others));
    }
  }

  @Test
  void inAQuietHourHardlyAnythingFails() {
    for (long seed = 1; seed <= 5; seed++) {
      assertTrue(badShare(during(Fleet.of(Kind.QUIET, seed), 0, 60), _ -> true) < 0.005);
    }
  }

  /** The flags of the fleet serve what LaunchDarkly's own SDK would. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void flagsServeWhatTheSdkServes(Kind kind) {
    Fleet fleet = Fleet.of(kind, SEED);
    int compared = 0;
    for (Flag flag : fleet.script().flags.values()) {
      Optional<FlagRules> known = FlagRules.of(flag.key(), flag.json(flag.latest(), 1));
      if (known.isEmpty()) {
        continue; // It asks for another flag.
      }
      try (FlagRules rules = known.get()) {
        List<Customer> customers = fleet.script().world.customers();
        for (Customer customer : customers.subList(0, 150)) {
          int index = flag.serves(customer, 0, Long.MAX_VALUE);
          Map<String, String> keys =
              Map.of("customer", customer.id(), "user", Flag.userId(customer, 0));
          assertEquals(
              flag.variations().get(index),
              rules.serve(keys, Map.copyOf(Flag.attributes(customer))).variation(),
              () -> flag.json(flag.latest(), 1) + " for " + customer);
          compared++;
        }
      }
    }
    assertTrue(compared >= 150);
  }

  @Test
  void aStretchOfTimeHasTheEventsOfItsMinutes() {
    Fleet fleet = Fleet.of(Kind.BUILD, SEED);
    List<Map<String, Object>> pieces = new ArrayList<>();
    for (int second = 0; second < 60; second += 20) {
      Instant from = fleet.at(1).plusSeconds(second);
      fleet.events(from, from.plusSeconds(20)).forEach(event -> pieces.add(event.fields()));
    }
    assertEquals(Set.copyOf(fields(fleet)), Set.copyOf(pieces));
    assertEquals(fields(fleet).size(), pieces.size());
  }

  /** Who is no longer served the guilty variation fails no longer; the rest stays as it was. */
  @Test
  void whatTheProviderServesDecidesWhoFails() {
    Fleet fleet = Fleet.of(Kind.FLAG_PARTIAL, SEED);
    Truth.Lever lever = fleet.truth().levers().getFirst();
    String field = "flag." + lever.flag();
    Predicate<Map<String, Object>> served = fields -> lever.variation().equals(fields.get(field));
    assertTrue(badShare(during(fleet, 8, 14), served) > 0.02);
    fleet.follow(fleet.at(10), (flag, _, _) -> flag.equals(lever.flag()) ? "false" : "");
    assertTrue(badShare(during(fleet, 8, 10), served) > 0.02);
    List<FleetEvent> after = during(fleet, 10, 20);
    assertTrue(after.stream().map(FleetEvent::fields).noneMatch(served));
    assertTrue(badShare(after, _ -> true) < 0.005);
  }

  @Test
  void theTruthCanBeRead() {
    assertEquals(
        "build %s did it".formatted(Fleet.of(Kind.BUILD, 1).truth().culprits().getFirst().build()),
        Fleet.of(Kind.BUILD, 1).truth().inWords());
    for (Kind kind : Kind.values()) {
      String words = Fleet.of(kind, SEED).truth().inWords();
      assertTrue(words.contains(" did it"), kind + ": " + words);
    }
  }

  @Test
  void aBuildThatIsBlamedWithAFlagThatHasNoPartInItIsWrong() {
    Truth build = truth(new Truth.Accepted(Truth.Answer.DEPLOY, "8812", "", ""));
    assertTrue(build.isRight(Truth.Answer.DEPLOY, "8812", "", ""));
    assertFalse(build.isRight(Truth.Answer.DEPLOY, "8812", "innocent", "true"));
    Truth behindFlag = truth(new Truth.Accepted(Truth.Answer.DEPLOY, "8812", "guilty", "true"));
    assertTrue(behindFlag.isRight(Truth.Answer.DEPLOY, "8812", "", ""));
    assertTrue(behindFlag.isRight(Truth.Answer.DEPLOY, "8812", "guilty", "true"));
    assertFalse(behindFlag.isRight(Truth.Answer.DEPLOY, "8812", "guilty", "false"));
    assertFalse(behindFlag.isRight(Truth.Answer.DEPLOY, "8812", "innocent", "true"));
  }

  private static Truth truth(Truth.Accepted accepted) {
    return new Truth(Instant.EPOCH, List.of(), List.of(accepted), List.of(), Map.of());
  }
}
