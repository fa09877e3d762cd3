package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.Change.BuildState;
import firebreak.deploytracker.Change.DeployState;
import java.time.Instant;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class GenericFactsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final String BUILD =
      """
      {"service": "query-api", "build_id": "8812", "commit": "c0ffee", "branch": "main",
       "repository": "acme/query-api", "state": "succeeded", "started_at": "2026-03-01T12:00:00Z",
       "finished_at": "2026-03-01T14:03:00+02:00", "url": "https://ci.example.org/8812",
       "actor": "pat"}
      """;
  private static final String DEPLOY =
      """
      {"service": "query-api", "environment": "production", "build_id": 8812, "version": "1.2",
       "commit": "c0ffee", "repository": "acme/query-api", "state": "started",
       "time": "2026-03-01T12:10:00Z", "actor": "pat"}
      """;
  private static final String FLAG_CHANGE =
      """
      {"flag": "short-cache", "environment": "production", "time": "2026-03-01T12:20:00Z",
       "version": 42, "actor": "pat", "before": {"on": false}, "after": {"on": true}}
      """;

  @Test
  void aBuildHasEveryFieldOfTheContract() {
    Change.Build build = build(BUILD);
    assertEquals(
        new Change.Build(
            build.id(),
            Instant.parse("2026-03-01T12:00:00Z"),
            Instant.parse("2026-03-01T12:03:00Z"),
            "query-api",
            "8812",
            "c0ffee",
            "main",
            "acme/query-api",
            BuildState.SUCCEEDED,
            "",
            "pat",
            "https://ci.example.org/8812"),
        build);
  }

  @Test
  void aDeployHasEveryFieldOfTheContract() {
    Change.Deploy deploy = deploy(DEPLOY);
    assertEquals(
        new Change.Deploy(
            deploy.id(),
            Instant.parse("2026-03-01T12:10:00Z"),
            null,
            "query-api",
            "production",
            "8812",
            "1.2",
            "c0ffee",
            "acme/query-api",
            DeployState.STARTED,
            false,
            "",
            "pat",
            ""),
        deploy);
  }

  @Test
  void aFlagChangeHasEveryFieldOfTheContract() {
    Change.FlagChange change = flagChange(FLAG_CHANGE);
    assertEquals(
        new Change.FlagChange(
            Change.flagChangeId("short-cache", "production", "42"),
            Instant.parse("2026-03-01T12:20:00Z"),
            "short-cache",
            "",
            "production",
            "42",
            "{\"on\":false}",
            "{\"on\":true}",
            false,
            "",
            "pat",
            ""),
        change);
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    Change.Build build =
        build("{\"service\": \"s\", \"build_id\": \"1\", \"state\": \"queued\", \"url\": null}");
    assertEquals(NOW, build.time());
    Change.Deploy deploy = deploy("{\"service\": \"s\", \"version\": \"1.3\"}");
    assertEquals(NOW, deploy.time());
    assertEquals(DeployState.SUCCEEDED, deploy.state());
    Change.FlagChange change = flagChange("{\"flag\": \"f\", \"after\": \"blue\"}");
    assertEquals("null", change.before());
    assertEquals("\"blue\"", change.after());
    assertFalse(change.isFirstSight());
  }

  @Test
  void theIdempotencyKeyNamesTheChange() {
    String keyed = DEPLOY.replace("{\"service\"", "{\"idempotency_key\": \"k1\", \"service\"");
    String later = keyed.replace("started", "succeeded").replace("12:10", "12:11");
    assertEquals(deploy(keyed).id(), deploy(later).id());
    assertNotEquals(deploy(keyed).id(), deploy(keyed.replace("k1", "k2")).id());
    assertNotEquals(deploy(keyed).id(), deploy(DEPLOY).id());
    String flag = FLAG_CHANGE.replace("{\"flag\"", "{\"idempotency_key\": \"k1\", \"flag\"");
    assertEquals(flagChange(flag).id(), flagChange(flag.replace("42", "43")).id());
    assertNotEquals(flagChange(flag).id(), deploy(keyed).id());
  }

  @Test
  void withoutAKeyTheNaturalKeyNamesTheChange() {
    String finished = BUILD.replace("succeeded", "failed").replace("12:00", "11:59");
    assertEquals(build(BUILD).id(), build(finished).id());
    assertNotEquals(build(BUILD).id(), build(BUILD.replace("8812", "8813")).id());
    assertEquals(deploy(DEPLOY).id(), deploy(DEPLOY.replace("started", "rolled_back")).id());
    // The same build deployed again is another deploy.
    assertNotEquals(deploy(DEPLOY).id(), deploy(DEPLOY.replace("12:10", "18:10")).id());
    String unversioned = FLAG_CHANGE.replace("\"version\": 42,", "");
    assertNotEquals(
        flagChange(unversioned).id(), flagChange(unversioned.replace("true", "1")).id());
  }

  @Test
  void anUnknownStateIsAnsweredWithTheAllowedOnes() {
    assertWrong(
        "state must be one of queued, running, succeeded, failed, cancelled, was \"passed\"",
        GenericFacts::build,
        BUILD.replace("succeeded", "passed"));
    assertWrong(
        "state must be one of started, succeeded, failed, rolled_back, was \"STARTED\"",
        GenericFacts::deploy,
        DEPLOY.replace("started", "STARTED"));
  }

  @Test
  void anUnknownFieldIsAnsweredWithTheNearestKnownOne() {
    assertWrong(
        "unknown field \"buildid\"; did you mean \"build_id\"? There are service, build_id",
        GenericFacts::build,
        BUILD.replace("build_id", "buildid"));
    assertWrong(
        "unknown field \"enviroment\"; did you mean \"environment\"?",
        GenericFacts::deploy,
        DEPLOY.replace("environment", "enviroment"));
    assertWrong(
        "unknown field \"" + "x".repeat(57) + "...\"; did you mean \"",
        GenericFacts::flagChange,
        "{\"" + "x".repeat(10_000) + "\": 1}");
  }

  @Test
  void aMissingOrWrongFieldIsNamed() {
    assertWrong("service is missing", GenericFacts::build, BUILD.replace("query-api\",", "\","));
    assertWrong("build_id is missing", GenericFacts::build, BUILD.replace("\"8812\"", "null"));
    assertWrong(
        "build_id must be a string, was {\"a\":1}",
        GenericFacts::build,
        BUILD.replace("\"8812\"", "{\"a\": 1}"));
    assertWrong("state is missing", GenericFacts::build, BUILD.replace("\"succeeded\"", "\"\""));
    assertWrong(
        "commit must be a string, was 7", GenericFacts::build, BUILD.replace("\"c0ffee\"", "7"));
    assertWrong(
        "started_at must be a time such as",
        GenericFacts::build,
        BUILD.replace("2026-03-01T12:00:00Z", "noon"));
    assertWrong(
        "finished_at must not lie before started_at",
        GenericFacts::build,
        BUILD.replace("14:03", "13:03"));
    assertWrong(
        "url must start with https:// or http://, was \"javascript:1\"",
        GenericFacts::build,
        BUILD.replace("https://ci.example.org/8812", "javascript:1"));
    assertWrong(
        "build_id is missing, and so are version and commit",
        GenericFacts::deploy,
        "{\"service\": \"s\"}");
    assertWrong("flag is missing", GenericFacts::flagChange, "{}");
    assertWrong("the body is not JSON", GenericFacts::flagChange, "{");
    assertWrong("the body must be a JSON object", GenericFacts::flagChange, "[{}]");
  }

  private static void assertWrong(
      String expected, BiFunction<byte[], Instant, ? extends Change> read, String body) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> read.apply(Mail.bytes(body), NOW))
            .getMessage();
    assertTrue(message != null && message.contains(expected), message);
  }

  private static Change.Build build(String body) {
    return GenericFacts.build(Mail.bytes(body), NOW);
  }

  private static Change.Deploy deploy(String body) {
    return GenericFacts.deploy(Mail.bytes(body), NOW);
  }

  private static Change.FlagChange flagChange(String body) {
    return GenericFacts.flagChange(Mail.bytes(body), NOW);
  }
}
