package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.github.FakeGitHub;
import firebreak.deploytracker.github.GitHubApi;
import firebreak.deploytracker.github.GitHubCredential;
import firebreak.deploytracker.github.HookDeliveries;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.flags.FakeLaunchDarkly;
import firebreak.flags.Flags;
import firebreak.flags.LaunchDarkly;
import firebreak.webhooks.Delivery;
import firebreak.webhooks.Inbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was told while nobody heard is heard later, once. */
class MissedDeliveriesIT {
  private static final String SECRET = "It's a Secret to Everybody";
  static final TimeRange ALWAYS =
      new TimeRange(Instant.EPOCH, Instant.parse("2099-01-01T00:00:00Z"));

  @TempDir Path folder;

  private final ChangeLog log = new ChangeLog(EventStore.inMemory());
  private final Inbox inbox =
      new Inbox(log, _ -> {}, Map.of("github", List.of(SECRET), "launchdarkly", List.of(SECRET)));

  @Test
  void oneDeliveryInFiveThatWasLostIsSentAgainByGitHub() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      gitHub.answer(
          "/repos/acme/query-api/hooks",
          "[{\"id\": 9, \"config\": {\"url\": \"https://fb.example/webhooks/github\"}}]");
      List<String> attempts = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        boolean isLost = i % 5 == 0;
        if (!isLost) {
          deliver(i);
        }
        attempts.addFirst(
            "{\"id\": %d, \"guid\": \"g%d\", \"event\": \"push\", \"status_code\": %d}"
                .formatted(i, i, isLost ? 502 : 202));
      }
      gitHub.answer("/repos/acme/query-api/hooks/9/deliveries?per_page=100", attempts.toString());
      gitHub.onRedeliver(this::deliver);
      assertEquals(32, log.changes(ALWAYS).size());
      MissedDeliveries missed = missed(gitHub, null);
      missed.look(Instant.now());
      assertEquals(40, log.changes(ALWAYS).size());
      missed.look(Instant.now());
      assertEquals(40, log.changes(ALWAYS).size(), "once more is not once too often");
    }
  }

  @Test
  void whatAnOrganisationsWebhookLostIsSentAgainThoughTheRepositorysMayNotBeSeen()
      throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      gitHub.answer(
          "/orgs/acme/hooks",
          "[{\"id\": 3, \"config\": {\"url\": \"https://fb.example/webhooks/github\"}}]");
      gitHub.answer(
          "/orgs/acme/hooks/3/deliveries?per_page=100",
          "[{\"id\": 7, \"guid\": \"g\", \"event\": \"pull_request\", \"status_code\": 502}]");
      gitHub.onRedeliver(this::deliver);
      MissedDeliveries missed = missed(gitHub, null, "organisations: [acme]");
      missed.look(Instant.now());
      assertEquals(1, log.changes(ALWAYS).size(), gitHub.asked().toString());
      missed.look(Instant.now());
      assertEquals(1, log.changes(ALWAYS).size(), "once more is not once too often");
    }
  }

  @Test
  void aLimitIsWaitedOutWithoutAsking() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub()) {
      gitHub.fail(429, FakeGitHub.limited(600));
      MissedDeliveries missed = missed(gitHub, null);
      Instant now = Instant.parse("2026-03-01T12:00:00Z");
      missed.look(now);
      missed.look(now.plusSeconds(599));
      assertEquals(1, gitHub.asked().size());
      missed.look(now.plusSeconds(601));
      assertEquals(2, gitHub.asked().size());
    }
  }

  @Test
  void whatLaunchDarklyDidNotDeliverIsReadFromItsAuditLog() throws Exception {
    try (FakeGitHub gitHub = new FakeGitHub();
        FakeLaunchDarkly fake = FakeLaunchDarkly.start();
        LaunchDarkly flags = Flags.launchDarkly(fake.access(Duration.ofSeconds(10)))) {
      fake.addFlag(
          """
          {"key": "short-cache", "version": 1, "on": true, "variations": [true, false],
           "fallthrough": {"variation": 0}, "offVariation": 1, "targets": [], "contextTargets": [],
           "rules": []}
          """);
      String fence = flags.read("short-cache").orElseThrow().fence();
      flags.apply(
          new firebreak.flags.Withdrawal(
              "intent",
              "short-cache",
              new firebreak.flags.Audience.Everyone(),
              "true",
              "false",
              fence,
              "somebody"));
      MissedDeliveries missed = missed(gitHub, flags);
      // A moment after the change by the fake's own clock.
      Instant now = Instant.ofEpochMilli(1_780_000_000_000L).plus(Duration.ofMinutes(10));
      missed.look(now);
      missed.look(now);
      List<Change> known = log.changes(ALWAYS);
      assertEquals(1, known.size(), known.toString());
      assertEquals("short-cache", known.getFirst().name());
      assertEquals(
          Change.flagChangeId(
              "short-cache", "production", flags.read("short-cache").orElseThrow().fence()),
          known.getFirst().id(),
          "as the webhook and the live stream name it");
    }
  }

  private MissedDeliveries missed(FakeGitHub gitHub, @Nullable LaunchDarkly flags) {
    return missed(gitHub, flags, "organisations: []");
  }

  private MissedDeliveries missed(
      FakeGitHub gitHub, @Nullable LaunchDarkly flags, String organisations) {
    Config config =
        ConfigReader.parse(
            """
            github: {api: "%s", token: {env: T}, repositories: [acme/query-api], redeliver: true, %s}
            """
                .formatted(gitHub.api(), organisations),
            "test",
            folder,
            Map.of("T", "token"));
    return new MissedDeliveries(
        config,
        new HookDeliveries(
            new GitHubApi(
                gitHub.api(), new GitHubCredential.Token("token"), InstantSource.system())),
        flags,
        inbox,
        InstantSource.system(),
        Duration.ofSeconds(1));
  }

  /** A merge, told as GitHub tells it. */
  private void deliver(long number) {
    String body =
        """
        {"action": "closed", "pull_request": {"number": %d, "merged": true, "title": "T",
          "merged_at": "2026-03-01T12:00:00Z", "merge_commit_sha": "c%d"},
         "repository": {"full_name": "acme/query-api", "default_branch": "main"}}
        """
            .formatted(number, number);
    inbox.receive(
        new Delivery(
            "github",
            Map.of("x-github-event", "pull_request", "x-hub-signature-256", signed(body)),
            body.getBytes(StandardCharsets.UTF_8)),
        Instant.now());
  }

  private static String signed(String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256="
          + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
