package firebreak.deploytracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** From a merge to everywhere, and when that is known. */
class MergeToEverywhereTest {
  private static final Instant MERGED = Instant.parse("2026-03-01T12:00:00Z");

  private final List<Change> changes = new ArrayList<>();
  private final List<Sighting> sightings = new ArrayList<>();

  @Test
  void aMergeThatIsEverywhereWithinTheHourIsKnownAtOnce() {
    merge("8812", 0);
    serves("8812", 20);
    Event outcome = one().outcome(minute(21)).orElseThrow();
    assertEquals(Value.of(true), outcome.field(MergeToEverywhere.IN_TIME));
    assertEquals(Value.of(Duration.ofMinutes(20).toMillis()), outcome.field("duration_ms"));
    assertEquals(MERGED, outcome.time());
  }

  @Test
  void aMergeThatIsNotIsKnownAfterTheHourAndWhatComesLate() {
    merge("8812", 0);
    declared("8812", 5);
    assertTrue(one().outcome(minute(60)).isEmpty());
    assertTrue(one().outcome(minute(69)).isEmpty());
    assertEquals(
        Value.of(false), one().outcome(minute(70)).orElseThrow().field(MergeToEverywhere.IN_TIME));
    serves("8812", 65);
    assertEquals(
        Value.of(false), one().outcome(minute(66).plusSeconds(600)).orElseThrow().field("in_time"));
  }

  @Test
  void aMergeThatALaterOneOvertookIsEverywhereWithIt() {
    merge("8812", 0);
    declared("8812", 5);
    merge("8813", 10);
    serves("8813", 30);
    assertEquals(minute(30), of("8812").everywhereAt());
    assertEquals(minute(30), of("8813").everywhereAt());
  }

  @Test
  void anEarlierMergeIsNoSubstitute() {
    merge("8811", -30);
    serves("8811", 20);
    merge("8812", 0);
    declared("8812", 25);
    assertNull(of("8812").everywhereAt());
  }

  private MergeToEverywhere one() {
    return MergeToEverywhere.of(Rollouts.of(changes, sightings)).getFirst();
  }

  private MergeToEverywhere of(String build) {
    return MergeToEverywhere.of(Rollouts.of(changes, sightings)).stream()
        .filter(one -> one.rollout().buildId().equals(build))
        .findFirst()
        .orElseThrow();
  }

  private static Instant minute(int minute) {
    return MERGED.plus(Duration.ofMinutes(minute));
  }

  private static String sha(String build) {
    return build + "0".repeat(36);
  }

  private void merge(String build, int minute) {
    changes.add(
        new Change.Marker(
            "marker-" + build,
            minute(minute),
            null,
            "query-api",
            "",
            "merge",
            "acme/query-api",
            sha(build),
            "#" + build,
            "",
            ""));
  }

  private void declared(String build, int minute) {
    changes.add(
        new Change.Deploy(
            "deploy-" + build,
            minute(minute),
            null,
            "query-api",
            "production",
            build,
            "",
            sha(build),
            "acme/query-api",
            Change.DeployState.SUCCEEDED,
            false,
            "",
            "",
            ""));
  }

  /** All of the traffic from that minute on. */
  private void serves(String build, int minute) {
    declared(build, minute);
    sightings.add(
        new Sighting(
            "query-api",
            "production",
            build,
            minute(minute),
            new TreeMap<>(Map.of(minute(minute), 100L))));
  }
}
