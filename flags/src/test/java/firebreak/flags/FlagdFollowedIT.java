package firebreak.flags;

import static firebreak.flags.FlagFixtures.applied;
import static firebreak.flags.FlagFixtures.await;
import static firebreak.flags.FlagFixtures.customers;
import static firebreak.flags.FlagFixtures.fence;
import static firebreak.flags.FlagFixtures.users;
import static firebreak.flags.FlagFixtures.withdrawal;
import static firebreak.flags.FlagFixtures.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.MutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application follows the file with OpenFeature's own flagd provider, reading it itself. */
final class FlagdFollowedIT {
  private static final int POLL_MILLIS = 20;
  private static final int READY_WITHIN_MILLIS = 30_000;

  @TempDir Path folder;
  private FlagSwitch flags;
  private Client application;

  @BeforeEach
  void open() {
    Path path = write(folder.resolve("flagd.json"), FlagdFileTest.FLAGS);
    flags = Flags.flagd(path, Map.of("customer", "customerId"));
    FlagdOptions options =
        FlagdOptions.builder()
            .resolverType(Config.Resolver.FILE)
            .offlineFlagSourcePath(path.toString())
            .offlinePollIntervalMs(POLL_MILLIS)
            .deadline(READY_WITHIN_MILLIS)
            .build();
    OpenFeatureAPI.getInstance().setProviderAndWait(new FlagdProvider(options));
    application = OpenFeatureAPI.getInstance().getClient();
  }

  @AfterEach
  void close() {
    OpenFeatureAPI.getInstance().shutdown();
  }

  private static MutableContext context(String user, String customer, String plan) {
    return new MutableContext(user).add("customerId", customer).add("plan", plan);
  }

  private boolean cache(String user, String customer) {
    return application.getBooleanValue("short-cache", true, context(user, customer, "free"));
  }

  private String button(String user, String customer, String plan) {
    return application.getStringDetails("button", "", context(user, customer, plan)).getVariant();
  }

  private List<String> buttons(String customer) {
    return IntStream.range(0, 200).mapToObj(user -> button("u" + user, customer, "free")).toList();
  }

  @Test
  void oneCustomerIsServedOffAndBackAgain() {
    assertEquals(List.of(true, true), List.of(cache("ann", "retail"), cache("ann", "acme")));
    Withdrawal withdrawal =
        withdrawal("short-cache", customers("retail"), "on", "off", fence(flags, "short-cache"));
    var done = applied(flags.apply(withdrawal));
    await("retail is served off", () -> !cache("ann", "retail"));
    assertEquals(true, cache("ann", "acme"));
    assertEquals(true, cache("retail", "acme"), "a user called so is not meant");
    applied(flags.undo(withdrawal, done.before(), done.fence()));
    await("retail is served on again", () -> cache("ann", "retail"));
  }

  @Test
  void aUserIsKnownByTheTargetingKey() {
    applied(
        flags.apply(
            withdrawal("short-cache", users("ann"), "on", "off", fence(flags, "short-cache"))));
    await("ann is served off", () -> !cache("ann", "retail"));
    assertEquals(true, cache("bob", "retail"));
  }

  @Test
  void whatWasTargetedBeforeIsServedToTheOthersAsBefore() {
    List<String> before = buttons("acme");
    applied(
        flags.apply(
            withdrawal("button", customers("retail"), "blue", "grey", fence(flags, "button"))));
    await("retail is served grey", () -> button("u1", "retail", "free").equals("grey"));
    assertEquals(List.of("grey"), buttons("retail").stream().distinct().toList());
    assertEquals(before, buttons("acme"), "the same halves");
    assertEquals("green", button("u1", "acme", "beta"));
  }

  @Test
  void aSegmentIsASharedRule() {
    applied(
        flags.apply(
            withdrawal(
                "button", new Audience.Segment("beta"), "green", "grey", fence(flags, "button"))));
    await("those of plan beta are served grey", () -> button("u", "a", "beta").equals("grey"));
    assertEquals(2, buttons("acme").stream().distinct().count());
  }

  @Test
  void everyoneIsServedTheOffVariant() {
    applied(
        flags.apply(
            withdrawal("button", new Audience.Everyone(), "blue", "grey", fence(flags, "button"))));
    await(
        "all are served grey",
        () ->
            buttons("acme").stream().allMatch("grey"::equals)
                && button("u", "a", "beta").equals("grey"));
  }
}
