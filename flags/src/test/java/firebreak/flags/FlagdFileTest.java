package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.await;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.fence;
import static firebreak.flags.FlagFixtures.text;
import static firebreak.flags.FlagFixtures.users;
import static firebreak.flags.FlagFixtures.withdrawal;
import static firebreak.flags.FlagFixtures.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a withdrawal does to a file of flagd's. What is served then is FlagdFollowedIT's. */
final class FlagdFileTest {
  static final String FLAGS =
      """
      {"note": "kept",
       "$evaluators": {"beta": {"in": [{"var": "plan"}, ["beta"]]}},
       "flags": {
         "short-cache": {"state": "ENABLED", "variants": {"on": true, "off": false},
           "defaultVariant": "on", "metadata": {"tags": "beta, cache", "temporary": false}},
         "button": {"state": "ENABLED",
           "variants": {"blue": "#00f", "green": "#0f0", "grey": "#888"}, "defaultVariant": "grey",
           "targeting": {"if": [{"$ref": "beta"}, "green",
             {"fractional": [{"var": "targetingKey"}, ["blue", 50], ["green", 50]]}]},
           "metadata": {"off": "grey"}},
         "asleep": {"state": "DISABLED", "variants": {"yes": true, "no": false},
           "defaultVariant": "yes"}}}""";

  @TempDir Path folder;
  private Path path;
  private FlagSwitch flags;

  @BeforeEach
  void open() {
    path = write(folder.resolve("flagd.json"), FLAGS);
    flags = Flags.flagd(path, Map.of("customer", "customerId"));
  }

  private Withdrawal shortCacheOff(Audience audience) {
    return withdrawal("short-cache", audience, "on", "off", fence(flags, "short-cache"));
  }

  private Withdrawal blueToGrey(Audience audience) {
    return withdrawal("button", audience, "blue", "grey", fence(flags, "button"));
  }

  private JsonNode flag(String key) {
    return FlagJson.object(text(path)).path("flags").path(key);
  }

  @Test
  void readsAFlagsState() {
    FlagState cache = flags.read("short-cache").orElseThrow();
    assertEquals(List.of("on", "off"), cache.variations());
    assertEquals("off", cache.offVariation());
    assertTrue(cache.on() && !cache.temporary() && !cache.archived());
    assertEquals(Set.of("beta", "cache"), cache.tags());
    assertEquals("grey", flags.read("button").orElseThrow().offVariation());
    FlagState asleep = flags.read("asleep").orElseThrow();
    assertTrue(!asleep.on());
    assertEquals("no", asleep.offVariation(), "the only false one");
    assertEquals(Set.of(), asleep.tags());
    write(path, FLAGS.replace("\"off\": \"grey\"", "\"off\": \"gray\""));
    assertNull(flags.read("button").orElseThrow().offVariation());
  }

  @Test
  void asksForTheAudienceFirstAndKeepsEverythingElse() {
    ObjectNode before = FlagJson.object(text(path));
    applied(flags.apply(blueToGrey(customers("retail", "acme"))));

    JsonNode targeting = flag("button").path("targeting");
    assertEquals(
        "{\"if\":[{\"in\":[{\"var\":\"customerId\"},[\"retail\",\"acme\"]]},\"grey\","
            + before.path("flags").path("button").path("targeting")
            + "]}",
        targeting.toString());
    ObjectNode after = FlagJson.object(text(path));
    ((ObjectNode) after.path("flags").path("button"))
        .set("targeting", before.path("flags").path("button").path("targeting"));
    assertEquals(before.toString(), after.toString());
  }

  @Test
  void aUserIsTheTargetingKeyAndAnUnnamedKindItsOwnAttribute() {
    applied(flags.apply(shortCacheOff(users("ann"))));
    assertEquals(
        "{\"if\":[{\"in\":[{\"var\":\"targetingKey\"},[\"ann\"]]},\"off\"]}",
        flag("short-cache").path("targeting").toString());
    applied(flags.apply(shortCacheOff(new Audience.Contexts("host", List.of("h1")))));
    assertTrue(flag("short-cache").path("targeting").toString().contains("{\"var\":\"host\"}"));
  }

  @Test
  void everyoneIsServedTheOtherDefaultWithoutTargeting() {
    applied(flags.apply(blueToGrey(new Audience.Everyone())));
    assertTrue(flag("button").path("targeting").isMissingNode());
    assertEquals("grey", flag("button").path("defaultVariant").asText());
    assertEquals("ENABLED", flag("button").path("state").asText());
  }

  @Test
  void aFenceThatIsNoLongerInForceNeverWrites() {
    Withdrawal withdrawal = shortCacheOff(customers("retail"));
    String edited = text(path).replace("\"cache\"", "\"cache, ui\"").replace("beta, cache", "b");
    write(path, edited);
    assertInstanceOf(Outcome.Superseded.class, flags.apply(withdrawal));
    assertInstanceOf(Outcome.Superseded.class, flags.dryRun(withdrawal));
    assertEquals(edited, text(path));
  }

  @Test
  void undoPutsTheFlagBackAsItWas() {
    ObjectNode before = FlagJson.object(text(path));
    for (Audience audience :
        List.of(
            customers("retail"),
            users("u1"),
            new Audience.Segment("beta"),
            new Audience.Everyone())) {
      for (Withdrawal withdrawal : List.of(shortCacheOff(audience), blueToGrey(audience))) {
        var done = applied(flags.apply(withdrawal));
        assertEquals(
            new FlagSwitch.Landing.Landed(done.fence(), done.before(), done.after()),
            flags.landed(withdrawal));
        applied(flags.undo(withdrawal, done.before(), done.fence()));
        assertEquals(before.toString(), FlagJson.object(text(path)).toString());
        assertEquals(new FlagSwitch.Landing.Absent(), flags.landed(withdrawal));
      }
    }
  }

  /** Two customers, one after the other; each is put back alone, in either order. */
  @Test
  void undoKeepsWhatElseHasChanged() {
    for (boolean isFirstUndone : List.of(true, false)) {
      write(path, FLAGS);
      JsonNode targeting = flag("button").path("targeting");
      Withdrawal retail = blueToGrey(customers("retail"));
      var one = applied(flags.apply(retail));
      Withdrawal acme = blueToGrey(customers("acme"));
      var other = applied(flags.apply(acme));
      Withdrawal undone = isFirstUndone ? retail : acme;
      Withdrawal kept = isFirstUndone ? acme : retail;
      applied(
          flags.undo(
              undone, isFirstUndone ? one.before() : other.before(), fence(flags, "button")));
      assertInstanceOf(FlagSwitch.Landing.Landed.class, flags.landed(kept));
      assertInstanceOf(FlagSwitch.Landing.Absent.class, flags.landed(undone));
      applied(
          flags.undo(kept, isFirstUndone ? other.before() : one.before(), fence(flags, "button")));
      assertEquals(targeting, flag("button").path("targeting"));
    }
  }

  @Test
  void theInnermostOfTwoIsTakenOutWhereNothingWasAskedBefore() {
    Withdrawal retail = shortCacheOff(customers("retail"));
    var done = applied(flags.apply(retail));
    Withdrawal acme = shortCacheOff(customers("acme"));
    applied(flags.apply(acme));
    applied(flags.undo(retail, done.before(), fence(flags, "short-cache")));
    assertEquals(
        "{\"if\":[{\"in\":[{\"var\":\"customerId\"},[\"acme\"]]},\"off\"]}",
        flag("short-cache").path("targeting").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "unheard-of, on, off, no flag unheard-of",
    "short-cache, true, off, no variation true",
    "short-cache, on, no, no variation no",
    "short-cache, on, on, as before",
    "asleep, yes, no, off already",
  })
  void refusesWhatWouldTakeNothingAway(String flag, String from, String to, String why) {
    String fence = flags.read(flag).map(FlagState::fence).orElse("");
    String content = text(path);
    var refused =
        assertInstanceOf(
            Outcome.Refused.class,
            flags.apply(withdrawal(flag, customers("retail"), from, to, fence)));
    assertTrue(refused.why().contains(why), refused.why());
    assertEquals(content, text(path));
  }

  @Test
  void refusesASegmentThatIsNotThereAndWhatIsServedAlready() {
    var gone =
        assertInstanceOf(
            Outcome.Refused.class, flags.apply(blueToGrey(new Audience.Segment("gone"))));
    assertTrue(gone.why().contains("no $evaluators called gone"), gone.why());
    applied(flags.apply(blueToGrey(customers("retail"))));
    assertInstanceOf(Outcome.Refused.class, flags.apply(blueToGrey(customers("retail"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | it must be a JSON object",
        "{\"flags\": []} | it has no object \"flags\"",
        "{\"flags\": {\"a\": {\"state\": \"ENABLED\"}}} | flag \"a\" has no variants",
        "{\"flags\": {\"a\": {\"variants\": {\"x\": 1}}}} | flag \"a\" must have a state, ENABLED or",
        "{\"flags\": 1, \"flags\": 2} | Duplicate",
      })
  void saysWhatIsWrongWithAFile(String content, String why) {
    write(path, content);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Flags.flagd(path, Map.of()));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(why) && message.contains(path.toString()), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void tellsWhichFlagsHaveChanged() {
    List<String> told = new CopyOnWriteArrayList<>();
    try (FlagWatch watch = Flags.watchFlagd(path)) {
      watch.onChange(
          flag -> {
            throw new IllegalStateException("a listener that fails, as it is meant to");
          });
      watch.onChange(told::add);
      write(path, "{ half of it");
      write(path, FLAGS.replace("\"note\": \"kept\"", "\"note\": \"new\""));
      applied(flags.apply(shortCacheOff(customers("retail"))));
      await("the change is told", () -> told.contains("short-cache"));
      applied(flags.apply(blueToGrey(customers("retail"))));
      await("the next is told", () -> told.contains("button"));
      assertEquals(List.of("short-cache", "button"), told);
    }
  }
}
