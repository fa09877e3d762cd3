package firebreak.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every payload that GitHub's own community collected of the seven events. */
class GitHubExamplesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T13:00:00Z");
  private static final JsonMapper MAPPER = new JsonMapper();

  /** A payload and the event it was sent as. */
  private record Example(String event, JsonNode payload) {
    Receipt sent() {
      ChangeLog log = new ChangeLog(EventStore.inMemory());
      return new Inbox(log, Mail.NO_TRACES, Map.of("github", List.of(Mail.SECRET)))
          .receive(Mail.github(event, payload.toString()), NOW);
    }
  }

  private static final List<Example> EXAMPLES = examples();

  @Test
  void theyAreAllThere() {
    Map<String, Integer> counts = new TreeMap<>();
    EXAMPLES.forEach(example -> counts.merge(example.event(), 1, Integer::sum));
    assertEquals(
        Map.of(
            "push", 7,
            "pull_request", 29,
            "workflow_run", 5,
            "workflow_job", 8,
            "deployment", 4,
            "deployment_status", 4,
            "release", 13),
        counts);
  }

  @Test
  void eachIsAcceptedWhenSignedAndRefusedWhenNot() {
    for (Example example : EXAMPLES) {
      Receipt receipt = example.sent();
      assertFalse(receipt instanceof Receipt.Rejected, () -> receipt + " for " + example);
      Inbox stranger =
          new Inbox(
              new ChangeLog(EventStore.inMemory()),
              Mail.NO_TRACES,
              Map.of("github", List.of("another secret")));
      Delivery delivery = Mail.github(example.event(), example.payload().toString());
      assertInstanceOf(Receipt.Rejected.class, stranger.receive(delivery, NOW));
    }
  }

  @Test
  void whatTellsOfABuildLandsWithItsRepositoryCommitStateAndTime() {
    List<String> landed = EXAMPLES.stream().filter(of("workflow_")).map(this::build).toList();
    assertEquals(
        List.of(
            // workflow_job
            "octo-org/example-workflow e3103f8 RUNNING 2021-06-15T19:22:27Z",
            "Codertocat/Hello-World 3484a3f RUNNING 2021-08-05T10:33:58Z",
            "Codertocat/Hello-World 3484a3f RUNNING 2021-08-05T10:33:58Z",
            "Codertocat/Hello-World 3484a3f RUNNING 2021-09-13T02:21:13Z",
            "wolfy1339/github-events-schemas eeeb91c RUNNING 2023-06-26T03:31:29Z",
            "Codertocat/Hello-World 3484a3f QUEUED 2021-09-13T02:21:13Z",
            "lineville/elastic-machines-testing 16c5286 QUEUED 2023-04-19T21:12:12Z",
            "lineville/elastic-machines-testing 16c5286 QUEUED 2023-04-19T21:12:12Z",
            // workflow_run
            "Codertocat/Hello-World 5779607 QUEUED 2021-12-16T19:37:22Z",
            "octo-org/octo-repo 3484a3f SUCCEEDED 2020-10-05T16:33:49Z",
            "octo-org/octo-repo 3484a3f SUCCEEDED 2020-10-05T16:33:49Z",
            "octo-org/octo-repo 3484a3f QUEUED 2020-10-05T16:33:49Z",
            "octo-org/octo-repo 3484a3f QUEUED 2020-10-05T16:33:49Z"),
        landed);
  }

  @Test
  void whatTellsOfADeployLandsWithItsRepositoryCommitStateAndTime() {
    List<String> landed = EXAMPLES.stream().filter(of("deployment")).map(this::deploy).toList();
    String hello = "Codertocat/Hello-World f95f852 ";
    assertEquals(
        List.of(
            hello + "production STARTED 2019-05-15T15:20:53Z",
            hello + "github-pages STARTED 2022-01-03T01:28:30Z",
            hello + "production STARTED 2019-05-15T15:20:53Z",
            hello + "production STARTED 2019-05-15T15:20:53Z",
            hello + "production SUCCEEDED 2019-05-15T15:20:53Z",
            hello + "github-pages STARTED 2022-01-03T01:28:30Z",
            hello + "production SUCCEEDED 2019-05-15T15:20:53Z",
            hello + "production SUCCEEDED 2019-05-15T15:20:53Z"),
        landed);
  }

  @Test
  void pushesToTheDefaultBranchAndPublishedReleasesAreMarkers() {
    Map<String, Integer> markers = new TreeMap<>();
    for (Example example : EXAMPLES) {
      if (example.sent() instanceof Receipt.Recorded recorded
          && recorded.changes().getFirst() instanceof Change.Marker marker) {
        assertEquals(example.payload().at("/repository/full_name").asText(), marker.repository());
        markers.merge(marker.type(), 1, Integer::sum);
      }
    }
    // None of the pull requests among the examples was merged.
    assertEquals(Map.of("push", 2, "release", 3), markers);
  }

  @Test
  void noFieldOfAWrongTypeMakesTheInboxThrow() {
    long seed = 70;
    Random random = new Random(seed);
    int rejected = 0;
    for (Example example : EXAMPLES) {
      for (int i = 0; i < 40; i++) {
        JsonNode damaged = example.payload().deepCopy();
        damage(damaged, random);
        try {
          Receipt receipt = new Example(example.event(), damaged).sent();
          rejected += receipt instanceof Receipt.Rejected ? 1 : 0;
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", " + example.event() + ": " + damaged, e);
        }
      }
    }
    assertTrue(rejected > 100, "the damage is seen: " + rejected);
  }

  /** Puts something else in the place of one field at one of the upper levels. */
  private static void damage(JsonNode payload, Random random) {
    ObjectNode at = (ObjectNode) payload;
    while (true) {
      List<String> names = new ArrayList<>();
      at.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (at.get(name) instanceof ObjectNode child && !child.isEmpty() && random.nextInt(4) > 0) {
        at = child;
        continue;
      }
      List<String> junk =
          List.of(
              "null", "-1", "1e400", "\"\\ud800\"", "[]", "{}", "\"\"", "true", "9".repeat(400));
      try {
        at.set(name, MAPPER.readTree(junk.get(random.nextInt(junk.size()))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
  }

  private static Predicate<Example> of(String prefix) {
    return example -> example.event().startsWith(prefix);
  }

  private String build(Example example) {
    Change.Build build = assertInstanceOf(Change.Build.class, change(example));
    return "%s %.7s %s %s"
        .formatted(build.repository(), build.commit(), build.state(), build.time());
  }

  private String deploy(Example example) {
    Change.Deploy deploy = assertInstanceOf(Change.Deploy.class, change(example));
    return "%s %.7s %s %s %s"
        .formatted(
            deploy.repository(),
            deploy.commit(),
            deploy.environment(),
            deploy.state(),
            deploy.time());
  }

  private static Change change(Example example) {
    return assertInstanceOf(Receipt.Recorded.class, example.sent()).changes().getFirst();
  }

  private static List<Example> examples() {
    String resource = "/github-examples.jsonl";
    try (InputStream in = GitHubExamplesTest.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8).lines().map(line -> example(line)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Example example(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
      return new Example(json.get("event").asText(), json.get("payload"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
