package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.await;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.fence;
import static firebreak.flags.FlagFixtures.flagFile;
import static firebreak.flags.FlagFixtures.shortCacheOff;
import static firebreak.flags.FlagFixtures.withdrawal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LaunchDarkly's real SDK reads the file that is changed here. */
class FlagFileFollowedIT {
  @TempDir Path folder;
  private FlagSwitch flags;
  private FlagReader reader;
  private final List<String> changed = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    Path path = flagFile(folder);
    flags = Flags.file(path);
    reader = Flags.followFile(path);
    reader.onChange(changed::add);
  }

  @AfterEach
  void close() {
    reader.close();
  }

  @Test
  void oneCustomerIsTurnedOffAndOnAgainWhileAllOthersKeepTheFeature() {
    assertTrue(reader.isReady());
    assertEquals("true", served(reader, "short-cache", "customer", "retail"));
    Withdrawal withdrawal = shortCacheOff(customers("retail"), fence(flags, "short-cache"));

    var done = applied(flags.apply(withdrawal));
    await("retail is off", () -> served("customer", "retail").equals("false"));
    assertEquals(
        new FlagReader.Served("false", "TARGET_MATCH"),
        reader.serve("short-cache", "customer", "retail", Map.of("key", "x", "plan", "beta")));
    assertEquals("true", served("customer", "acme"));
    assertEquals("true", served("user", "retail"));
    await("the change was told", () -> changed.contains("short-cache"));

    applied(flags.undo(withdrawal, done.before(), done.fence()));
    await("retail is on again", () -> served("customer", "retail").equals("true"));
    await("the undo was told", () -> changed.equals(List.of("short-cache", "short-cache")));
  }

  @Test
  void servesSomeoneWhoIsAUserAndACustomerAtOnce() {
    assertEquals(
        "true", reader.serve("short-cache", Map.of("customer", "retail"), Map.of()).variation());
    assertEquals("blue", reader.serve("button", Map.of("user", "ann"), Map.of()).variation());
    Map<String, String> both = Map.of("customer", "retail", "user", "ann");
    assertEquals("true", reader.serve("short-cache", both, Map.of()).variation());
    assertEquals("blue", reader.serve("button", both, Map.of()).variation());
  }

  @Test
  void usersKeepTheirOwnTargetsWhenTheFirstCustomerIsTargeted() {
    assertEquals("blue", served(reader, "button", "user", "ann"));
    assertEquals("green", served(reader, "button", "user", "bob"));
    applied(
        flags.apply(
            withdrawal("button", customers("retail"), "blue", "grey", fence(flags, "button"))));
    await(
        "retail is targeted",
        () ->
            reader
                .serve("button", "customer", "retail", Map.of("plan", "beta"))
                .reason()
                .equals("TARGET_MATCH"));
    assertEquals("blue", served(reader, "button", "user", "ann"));
    assertEquals("green", served(reader, "button", "user", "bob"));

    applied(
        flags.apply(
            withdrawal("button", FlagFixtures.users("ann"), "blue", "grey", buttonFence())));
    await("ann is moved", () -> served(reader, "button", "user", "ann").equals("grey"));
    assertEquals("green", served(reader, "button", "user", "bob"));
  }

  @Test
  void aSegmentsMembersAreTurnedOffAndNobodyElse() {
    Withdrawal withdrawal =
        shortCacheOff(new Audience.Segment("beta"), fence(flags, "short-cache"));
    applied(flags.apply(withdrawal));
    await("retail is off", () -> served("customer", "retail").equals("false"));
    assertEquals("false", served("customer", "acme"));
    assertEquals("true", served("customer", "other"));
  }

  @Test
  void everyoneIsServedTheOffVariation() {
    applied(flags.apply(shortCacheOff(new Audience.Everyone(), fence(flags, "short-cache"))));
    await("it is off", () -> served("customer", "anyone").equals("false"));
    assertEquals("OFF", reader.serve("short-cache", "user", "u", Map.of()).reason());
  }

  @Test
  void attributesDecideAndAnUnknownFlagServesNothing() {
    assertEquals(
        new FlagReader.Served("green", "RULE_MATCH"),
        reader.serve("button", "customer", "retail", Map.of("plan", "beta")));
    assertEquals(
        new FlagReader.Served("grey", "FALLTHROUGH"),
        reader.serve("button", "customer", "retail", Map.of("plan", "free")));
    assertEquals(
        new FlagReader.Served("", "FLAG_NOT_FOUND"),
        reader.serve("unheard-of", "customer", "retail", Map.of()));
  }

  private String buttonFence() {
    return fence(flags, "button");
  }

  private String served(String kind, String key) {
    return served(reader, "short-cache", kind, key);
  }

  private static String served(FlagReader reader, String flag, String kind, String key) {
    return FlagFixtures.served(reader, flag, kind, key);
  }
}
