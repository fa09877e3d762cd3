package firebreak.deploytracker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.github.HookDeliveries.Missed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries that were not taken are found, and sent again by GitHub itself. */
class HookDeliveriesIT {
  private static final HookOwner OURS = new HookOwner.Repository(FakeGitHub.REPOSITORY);
  private static final String PATH = "/repos/acme/query-api/hooks/9/deliveries?per_page=100";

  @SuppressWarnings("NullAway.Init")
  private FakeGitHub gitHub;

  @SuppressWarnings("NullAway.Init")
  private HookDeliveries deliveries;

  @BeforeEach
  void startGitHub() throws IOException {
    gitHub = new FakeGitHub();
    deliveries =
        new HookDeliveries(
            new GitHubApi(
                gitHub.api(),
                new GitHubCredential.Token("token"),
                InstantSource.fixed(Instant.EPOCH)));
  }

  @AfterEach
  void stopGitHub() {
    gitHub.close();
  }

  @Test
  void theWebhookIsKnownByItsAddress() {
    gitHub.answer(
        "/repos/acme/query-api/hooks",
        """
        [{"id": 8, "config": {"url": "https://ci.example/github"}},
         {"id": 9, "config": {"url": "https://fb.example/webhooks/github"}}]
        """);
    assertEquals(
        List.of(9L), found(deliveries.hooks(OURS, url -> url.endsWith("/webhooks/github"))));
  }

  @Test
  void whatNoAttemptOfWasTakenIsMissedOverAllPages() {
    gitHub.answer(PATH, List.of(attempt(5, "a", 502), attempt(4, "b", 202)).toString());
    gitHub.next(PATH, "v1_x");
    gitHub.answer(
        PATH + "&cursor=v1_x",
        List.of(attempt(3, "a", 500), attempt(2, "b", 500), attempt(1, "c", 0)).toString());
    assertEquals(
        List.of(new Missed(1, "c", "push", 1), new Missed(5, "a", "push", 2)),
        found(deliveries.missed(OURS, 9)));
  }

  @Test
  void oneThatFailedOftenEnoughIsHopeless() {
    List<String> attempts = new ArrayList<>();
    for (int i = 0; i < HookDeliveries.ATTEMPTS_AT_MOST; i++) {
      attempts.add(attempt(9 - i, "a", 400));
    }
    gitHub.answer(PATH, attempts.toString());
    assertTrue(found(deliveries.missed(OURS, 9)).getFirst().isHopeless());
  }

  @Test
  void gitHubSendsItAgainWhenAsked() {
    List<Long> sent = new ArrayList<>();
    gitHub.onRedeliver(sent::add);
    found(deliveries.redeliver(OURS, 9, new Missed(5, "a", "push", 2)));
    assertEquals(List.of(5L), sent);
    gitHub.fail(429, FakeGitHub.limited(7));
    GitHubAnswer.Unavailable<?> limited =
        assertInstanceOf(GitHubAnswer.Unavailable.class, deliveries.missed(OURS, 9));
    assertEquals(Duration.ofSeconds(7), limited.after());
  }

  @Test
  void anOrganisationsAreLookedThroughAsARepositorysAre() {
    HookOwner acme = new HookOwner.Organisation("acme");
    gitHub.answer(
        "/orgs/acme/hooks",
        "[{\"id\": 3, \"config\": {\"url\": \"https://fb.example/webhooks/github\"}}]");
    gitHub.answer(
        "/orgs/acme/hooks/3/deliveries?per_page=100", List.of(attempt(7, "a", 502)).toString());
    List<Long> sent = new ArrayList<>();
    gitHub.onRedeliver(sent::add);
    assertEquals(List.of(3L), found(deliveries.hooks(acme, _ -> true)));
    for (Missed missed : found(deliveries.missed(acme, 3))) {
      found(deliveries.redeliver(acme, 3, missed));
    }
    assertEquals(List.of(7L), sent);
    assertTrue(gitHub.asked().contains("POST /orgs/acme/hooks/3/deliveries/7/attempts"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme/query-api", "..", "a?b", "a b"})
  void whatIsNoNameOfAnOrganisationIsRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> new HookOwner.Organisation(name));
  }

  private static String attempt(long id, String guid, int status) {
    return "{\"id\": %d, \"guid\": \"%s\", \"event\": \"push\", \"status_code\": %d}"
        .formatted(id, guid, status);
  }

  private static <T> T found(GitHubAnswer<T> answer) {
    return switch (answer) {
      case GitHubAnswer.Found<T> found -> found.value();
      case GitHubAnswer.Unavailable<T> unavailable -> throw new AssertionError(unavailable.why());
    };
  }
}
