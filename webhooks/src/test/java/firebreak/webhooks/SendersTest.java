package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.TimeRange;
import firebreak.webhooks.Stories.Story;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the payloads of each sender become, and what each sender must show to be believed. */
class SendersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final TimeRange ALWAYS =
      new TimeRange(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String SHA = Stories.SHA;

  @Test
  void aWorkflowOfCircleCiIsABuild() {
    assertEquals(
        new Change.Build(
            Change.id("build", "circleci", "w-2"),
            NOON,
            NOON.plusSeconds(180),
            "query-api",
            "w-2",
            SHA,
            "main",
            "acme/query-api",
            BuildState.SUCCEEDED,
            "build: Shorten",
            "Pat",
            "https://app.circleci.com/w/w-2"),
        find("circleci", Change.id("build", "circleci", "w-2")));
  }

  @Test
  void aPipelineOfAGitLabRepositoryInCircleCiHasItsCommitElsewhere() {
    String body =
        """
        {"type": "workflow-completed", "project": {"name": "hello"},
         "workflow": {"id": "w", "name": "ship", "status": "error",
           "stopped_at": "2026-03-01T12:03:00Z", "created_at": "2026-03-01T12:00:00Z"},
         "pipeline": {"trigger_parameters": {
           "git": {"checkout_sha": "abc", "branch": "main",
             "checkout_url": "git@gitlab.com:acme/hello.git"},
           "gitlab": {"commit_title": "Say it", "commit_author_name": "Sam"}}}}\
        """;
    Change.Build build =
        assertInstanceOf(Change.Build.class, only(Letter.circleCi(body, Mail.SECRET)));
    assertEquals("acme/hello abc main FAILED", described(build));
    assertEquals("Sam: ship: Say it", build.actor() + ": " + build.summary());
  }

  @Test
  void aBuildOfBuildkiteIsOverOnceNothingBlocksIt() {
    assertEquals(
        new Change.Build(
            Change.id("build", "buildkite", "b-1"),
            NOON,
            Instant.parse("2026-03-01T12:09:00Z"),
            "query-api",
            "12",
            SHA,
            "main",
            "acme/query-api",
            BuildState.SUCCEEDED,
            "Shorten",
            "Pat",
            "https://buildkite.com/acme/query-api/builds/12"),
        find("buildkite", Change.id("build", "buildkite", "b-1")));
  }

  @Test
  void aPipelineOfGitLabEndsAsItsLastRunDid() {
    assertEquals(
        new Change.Build(
            Change.id("build", "gitlab", "acme/web/query-api", "31"),
            NOON,
            NOON.plusSeconds(240),
            "query-api",
            "31",
            SHA,
            "main",
            "acme/web/query-api",
            BuildState.SUCCEEDED,
            "Shorten",
            "pat",
            "https://gitlab.example.org/acme/web/query-api/-/pipelines/31"),
        find("gitlab", Change.id("build", "gitlab", "acme/web/query-api", "31")));
    Change.Deploy deploy =
        assertInstanceOf(
            Change.Deploy.class,
            find("gitlab", Change.id("deploy", "gitlab", "acme/web/query-api", "15")));
    assertEquals(Instant.parse("2026-03-01T12:05:00Z"), deploy.time());
    assertEquals(Instant.parse("2026-03-01T12:06:00Z"), deploy.finishedAt());
    assertEquals(DeployState.SUCCEEDED, deploy.state());
    assertEquals("query-api production c0ffee00 " + SHA, placed(deploy) + " " + deploy.commit());
    Change.Marker merge =
        assertInstanceOf(
            Change.Marker.class,
            find("gitlab", Change.id("marker", "gitlab", "acme/web/query-api", "merge", "7")));
    assertEquals("merge !7 Shorten " + SHA, merge.type() + " " + merge.summary() + " " + SHA);
  }

  @Test
  void pushesAndReleasesOfGitLabAreMarkers() {
    String project =
        "\"project\": {\"path_with_namespace\": \"a/b\", \"default_branch\": \"main\"}";
    String push =
        """
        {"object_kind": "push", "ref": "refs/heads/main", "before": "%s", "after": "%s",
         "user_username": "pat", %s, "commits": [
           {"id": "%s", "message": "Shorten\\n\\nmore", "timestamp": "2026-03-01T12:00:00+00:00"}]}\
        """
            .formatted("0".repeat(40), SHA, project, SHA);
    String release =
        """
        {"object_kind": "release", "action": "create", "tag": "v1", "name": "One", %s,
         "released_at": "2026-03-01 12:00:00 UTC", "commit": {"id": "%s"}}\
        """
            .formatted(project, SHA);
    for (String body : List.of(push, release)) {
      Change.Marker marker =
          assertInstanceOf(Change.Marker.class, only(Letter.gitLab(body, Mail.SECRET)));
      assertEquals(NOON, marker.time());
      assertEquals(SHA, marker.commit());
    }
    String other = push.replace("heads/main", "heads/wip");
    assertEquals(
        new Receipt.Ignored("a push to refs/heads/wip, which is not the default branch"),
        receive(Letter.gitLab(other, Mail.SECRET)));
  }

  @Test
  void anAlertIsAMarkerFromItsStartToItsEnd() {
    List<Change> known = known(story("alertmanager"));
    assertEquals(2, known.size());
    Change.Marker first = assertInstanceOf(Change.Marker.class, known.getFirst());
    assertEquals("alert Slow: queries are slow", first.type() + " " + first.summary());
    assertEquals("query-api production", first.service() + " " + first.environment());
    assertEquals(Instant.parse("2026-03-01T12:10:00.256Z"), first.time());
    assertEquals(Instant.parse("2026-03-01T12:20:00Z"), first.finishedAt());
  }

  @Test
  void whatARealAlertmanagerSentIsRead() throws IOException {
    Change.Marker marker =
        assertInstanceOf(
            Change.Marker.class,
            only(Letter.alertmanager(resource("/alertmanager-v4.json"), Mail.SECRET)));
    assertEquals("ErrorBudgetBurn: burning", marker.summary());
    assertEquals("prom", marker.service());
    assertEquals(Instant.parse("2026-11-23T06:20:23.256Z"), marker.time());
  }

  @Test
  void everyExampleOfCdEventsBecomesWhatItSays() throws IOException {
    Map<String, String> became = new TreeMap<>();
    for (String line : resource("/cdevents-examples.jsonl").lines().toList()) {
      JsonNode event = new JsonMapper().readTree(line);
      String type = event.at("/context/type").asText();
      String inBinary = described(receive(Letter.binary(line, type, Mail.SECRET)));
      assertEquals(inBinary, described(receive(Letter.structured(line, type, Mail.SECRET))), type);
      became.put(type.replaceAll("dev.cdevents.|.0.3.0", ""), inBinary);
    }
    String digest = "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427";
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("artifact.packaged", "marker artifact myapp"),
                Map.entry("artifact.published", "marker artifact myapp"),
                Map.entry("build.finished", "build myapp mySubject123 SUCCEEDED"),
                Map.entry("build.queued", "build  mySubject123 QUEUED"),
                Map.entry("build.started", "build  mySubject123 RUNNING"),
                Map.entry("change.merged", "marker merge TestOrg"),
                Map.entry("environment.created", "nothing"),
                Map.entry("environment.deleted", "nothing"),
                Map.entry("environment.modified", "nothing"),
                Map.entry("incident.detected", "marker incident myApp"),
                Map.entry("incident.reported", "marker incident myApp"),
                Map.entry("incident.resolved", "marker incident myApp"),
                Map.entry("pipelinerun.finished", "build myPipeline mySubject123 FAILED"),
                Map.entry("pipelinerun.queued", "build myPipeline mySubject123 QUEUED"),
                Map.entry("pipelinerun.started", "build myPipeline mySubject123 RUNNING"),
                Map.entry("service.deployed", "deploy mySubject123 test123 " + digest),
                Map.entry("service.published", "nothing"),
                Map.entry("service.removed", "nothing"),
                Map.entry("service.rolledback", "deploy mySubject123 test123 " + digest),
                Map.entry("service.upgraded", "deploy mySubject123 test123 " + digest))),
        became);
  }

  @Test
  void anEnvelopeThatContradictsItsContextIsRefused() {
    String event = story("cdevents binary").letters(Mail.SECRET).getFirst().body();
    Receipt.Rejected rejected =
        assertInstanceOf(
            Receipt.Rejected.class,
            receive(Letter.binary(event, "dev.cdevents.service.deployed.0.3.0", Mail.SECRET)));
    assertEquals(400, rejected.status());
    assertTrue(rejected.why().contains("the envelope says"), rejected.why());
  }

  @Test
  void basicAuthenticationIsTheSecretAsPasswordOrWhole() {
    String body = "{\"version\": \"4\", \"alerts\": []}";
    for (String credentials : List.of("am:" + Mail.SECRET, ":" + Mail.SECRET)) {
      assertInstanceOf(Receipt.Ignored.class, receive(basic(body, credentials)));
    }
    for (String credentials : List.of("am:guessed", Mail.SECRET + ":", "", "am:")) {
      Receipt.Rejected rejected =
          assertInstanceOf(Receipt.Rejected.class, receive(basic(body, credentials)), credentials);
      assertEquals(401, rejected.status());
      assertTrue(rejected.why().contains("webhooks.alertmanager.secrets"), rejected.why());
    }
  }

  @Test
  void aSigningTokenOfGitLabIsNoPasswordAndASecretTokenNoKey() {
    String body = story("gitlab").bodies().getFirst();
    Letter withKeyAsToken = Letter.gitLab(body, Letter.GITLAB_KEY);
    assertInstanceOf(Receipt.Rejected.class, receive(withKeyAsToken));
    Letter genuine = Letter.gitLabSigned(body, Letter.GITLAB_KEY);
    assertInstanceOf(Receipt.Recorded.class, receive(genuine));
    assertInstanceOf(
        Receipt.Recorded.class,
        receive(
            genuine.with(
                "webhook-signature",
                "v1,AAAA v2,zz " + genuine.headers().get("webhook-signature"))));
    // A bad signature is not mended by a good token.
    assertInstanceOf(
        Receipt.Rejected.class,
        receive(
            Letter.gitLab(body, Mail.SECRET)
                .with("webhook-signature", "v1,AAAA")
                .with("webhook-id", "id-1")));
    // While no key is configured, the token decides as before.
    Inbox old =
        new Inbox(
            new ChangeLog(EventStore.inMemory()),
            Mail.NO_TRACES,
            Map.of("gitlab", List.of("token")));
    assertInstanceOf(
        Receipt.Recorded.class,
        old.receive(
            Letter.gitLab(body, "token").with("webhook-signature", "v1,AAAA").delivery(), NOW));
  }

  @Test
  void whatIsMissingIsSaidByName() {
    Map<String, String> expected =
        Map.of(
            "circleci", "type is missing",
            "buildkite", "event is missing",
            "gitlab", "object_kind is missing",
            "alertmanager", "version is missing",
            "cdevents", "this is no CDEvent");
    for (Story story : Stories.all()) {
      if (expected.containsKey(story.name())) {
        Receipt.Rejected rejected =
            assertInstanceOf(
                Receipt.Rejected.class, receive(story.sign().apply("{}", Mail.SECRET)));
        assertEquals(400, rejected.status());
        assertTrue(rejected.why().contains(expected.get(story.name())), rejected.why());
      }
    }
    Receipt.Rejected rejected =
        assertInstanceOf(Receipt.Rejected.class, receive(new Letter("buildkite", Map.of(), "{}")));
    assertEquals(
        "the header x-buildkite-signature or x-buildkite-token is missing: give the webhook a"
            + " secret that webhooks.buildkite.secrets has",
        rejected.why());
    assertInstanceOf(
        Receipt.Rejected.class,
        receive(new Letter("cdevents", Map.of("authorization", "Bearer " + Mail.SECRET), "{}")));
  }

  private static Letter basic(String body, String credentials) {
    return new Letter(
        "alertmanager",
        Map.of(
            "authorization",
            "Basic " + Base64.getEncoder().encodeToString(Mail.bytes(credentials))),
        body);
  }

  private static Story story(String name) {
    return Stories.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Change find(String story, String id) {
    return known(story(story)).stream()
        .filter(change -> change.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<Change> known(Story story) {
    ChangeLog log = new ChangeLog(EventStore.inMemory());
    Inbox inbox = inbox(log);
    story.letters(Mail.SECRET).forEach(letter -> inbox.receive(letter.delivery(), NOW));
    return log.changes(ALWAYS);
  }

  private static Change only(Letter letter) {
    return assertInstanceOf(Receipt.Recorded.class, receive(letter)).changes().getFirst();
  }

  private static Receipt receive(Letter letter) {
    return inbox(new ChangeLog(EventStore.inMemory())).receive(letter.delivery(), NOW);
  }

  private static Inbox inbox(ChangeLog log) {
    List<String> both = List.of(Mail.SECRET, Letter.GITLAB_KEY);
    Map<String, List<String>> secrets = new TreeMap<>();
    for (String sender : List.of("circleci", "buildkite", "gitlab", "alertmanager", "cdevents")) {
      secrets.put(sender, both);
    }
    return new Inbox(log, Mail.NO_TRACES, secrets);
  }

  private static String described(Receipt receipt) {
    List<String> words = new ArrayList<>();
    if (receipt instanceof Receipt.Recorded recorded) {
      switch (recorded.changes().getFirst()) {
        case Change.Build build ->
            words.add("build " + build.service() + " " + build.buildId() + " " + build.state());
        case Change.Deploy deploy -> words.add("deploy " + placed(deploy));
        case Change.Marker marker -> words.add("marker " + marker.type() + " " + marker.service());
        case Change.FlagChange flag -> words.add("flag " + flag.flag());
      }
    }
    return words.isEmpty() ? "nothing" : words.getFirst();
  }

  private static String described(Change.Build build) {
    return "%s %s %s %s"
        .formatted(build.repository(), build.commit(), build.branch(), build.state());
  }

  private static String placed(Change.Deploy deploy) {
    return deploy.service() + " " + deploy.environment() + " " + deploy.buildId();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(SendersTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
