package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.deploytracker.ChangeLog;
import firebreak.eventstore.EventStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the store and does with it, over HTTP and from the command line. */
class StoreIT {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String KEYS =
      """
      keys:
        - {name: operator, secret: {env: OPERATOR}, scopes: [admin], trusted: true}
        - {name: asker, secret: {env: ASKER}, scopes: [query, ingest], trusted: true}
      """;
  private static final Map<String, String> ENVIRONMENT = Map.of("OPERATOR", "op", "ASKER", "ask");
  private static final String[] OPERATOR = {"Authorization", "Bearer op"};
  private static final String[] ASKER = {"Authorization", "Bearer ask"};

  @TempDir Path folder;

  private App start(String yaml, Instant now) {
    Config config = ConfigReader.parse(yaml, "firebreak.yaml", folder, ENVIRONMENT);
    return App.start(config.with(0, folder.resolve("data")), InstantSource.fixed(now));
  }

  private static JsonNode ok(Api api, String method, String path, String body, String... key) {
    Api.Reply reply = api.send(method, path, body, key);
    assertEquals(200, reply.status(), path + " answered " + reply.body());
    return reply.body();
  }

  private static void append(Api api, String dataset, String time, String fields) {
    ok(
        api,
        "POST",
        "/1/batch/" + dataset,
        "[{\"time\": \"%s\", \"data\": {%s}}]".formatted(time, fields),
        ASKER);
  }

  @Test
  void showsHowTheStoreIsDoing() {
    try (App app = start(KEYS + "store: {datasets: {b: {retention: 7d, durability: fast}}}", NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
      append(api, "b", "2026-03-01T11:00:00Z", "\"x\": 1");

      JsonNode store = ok(api, "GET", "/api/v1/store", "", ASKER);

      assertTrue(store.get("healthy").asBoolean(), store.toString());
      assertEquals(2, store.get("events").asInt());
      assertEquals("durable", store.at("/datasets/a/durability").asText());
      assertEquals(60 * 86_400, store.at("/datasets/a/retention_seconds").asInt());
      assertEquals("fast", store.at("/datasets/b/durability").asText());
      assertEquals(7 * 86_400, store.at("/datasets/b/retention_seconds").asInt());
      assertEquals(401, api.send("GET", "/api/v1/store", "").status());
    }
  }

  @Test
  void dropsWhatIsOlderThanTheRetentionOfItsDataset() {
    String yaml = KEYS + "store: {retention: 30d, datasets: {short: {retention: 2d}}}";
    try (App app = start(yaml, NOW);
        Api api = new Api(app.port())) {
      for (String dataset : List.of("long", "short")) {
        append(api, dataset, "2026-01-01T00:00:00Z", "\"x\": 1");
        append(api, dataset, "2026-02-20T00:00:00Z", "\"x\": 1");
        append(api, dataset, "2026-03-01T11:00:00Z", "\"x\": 1");
      }
      Api.Reply marker = api.send("POST", "/1/markers/long", "{\"start_time\": 1000}", OPERATOR);
      assertEquals(201, marker.status());
    }

    try (App app = start(yaml, NOW);
        Api api = new Api(app.port())) {
      api.await(
          "the old events are dropped",
          Duration.ofSeconds(20),
          () ->
              app.store().datasets().equals(Map.of("long", 2L, "short", 1L, ChangeLog.DATASET, 1L))
                  ? Optional.of(true)
                  : Optional.empty());
    }
  }

  @Test
  void erasesTheEventsOfOneCustomerForGoodAndRecordsIt() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"customer_id\": \"retail\", \"secret\": \"s1\"");
      append(api, "a", "2026-03-01T11:00:01Z", "\"customer_id\": \"wholesale\"");
      append(api, "b", "2026-03-01T11:00:02Z", "\"customer_id\": \"retail\"");
      append(api, "b", "2026-03-01T11:00:03Z", "\"customer_id\": 7");
      String retail =
          "{\"dataset\": \"__all__\", \"field\": \"customer_id\", \"value\": \"retail\"}";

      String result = resultByCustomer(api);
      ok(api, "GET", result, "", ASKER);

      assertEquals(403, api.send("POST", "/api/v1/admin/erase", retail, ASKER).status());
      JsonNode erased = ok(api, "POST", "/api/v1/admin/erase", retail, OPERATOR);
      assertEquals(2, erased.get("erased").asInt(), erased.toString());
      assertEquals(
          1,
          ok(
                  api,
                  "POST",
                  "/api/v1/admin/erase",
                  "{\"dataset\": \"b\", \"field\": \"customer_id\", \"value\": 7}",
                  OPERATOR)
              .get("erased")
              .asInt());

      assertEquals(Map.of("a", 1L), app.store().datasets());
      assertEquals(404, api.send("GET", result, "", ASKER).status(), "it names the customer");
      JsonNode audit = ok(api, "GET", "/api/v1/audit?since=0", "", ASKER).get("records");
      assertEquals(
          List.of("erasure_asked", "erased", "erasure_asked", "erased"),
          audit.findValues("kind").stream().map(JsonNode::asText).toList());
      assertEquals("operator", audit.get(1).get("actor").asText());
      assertEquals(2, audit.get(1).at("/body/events").asInt(), audit.toString());
      assertFalse(audit.toString().contains("retail"), audit.toString());
    }
    try (App app = start(KEYS, NOW)) {
      assertEquals(Map.of("a", 1L), app.store().datasets());
    }
  }

  /** The path of a result that shows the customers of dataset a. */
  private static String resultByCustomer(Api api) {
    Api.Reply query =
        api.send("POST", "/1/queries/a", "{\"breakdowns\": [\"customer_id\"]}", ASKER);
    Api.Reply result =
        api.send(
            "POST",
            "/1/query_results/a",
            "{\"query_id\": \"%s\"}".formatted(query.body().get("id").asText()),
            ASKER);
    assertEquals(201, result.status(), result.toString());
    return "/1/query_results/a/" + result.body().get("id").asText();
  }

  @Test
  void saysThatAnErasureIsIncompleteWhereAPartIsDamaged() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"customer_id\": \"retail\"");
      append(api, "b", "2026-03-01T11:00:00Z", "\"customer_id\": \"wholesale\"");
    }
    Path parts = folder.resolve("data/events/parts");
    List<Path> files;
    try (Stream<Path> all = Files.list(parts)) {
      files = all.filter(file -> file.toString().endsWith(".columns")).sorted().toList();
    }
    for (Path file : files) {
      Files.write(file, new byte[] {1});
    }
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:01Z", "\"customer_id\": \"retail\"");
      append(api, "b", "2026-03-01T11:00:01Z", "\"customer_id\": \"retail\"");
      Api.Reply reply =
          api.send(
              "POST",
              "/api/v1/admin/erase",
              "{\"dataset\": \"__all__\", \"field\": \"customer_id\", \"value\": \"retail\"}",
              OPERATOR);
      assertEquals(500, reply.status(), reply.toString());
      String detail = reply.body().get("detail").asText();
      for (Path file : files) {
        assertTrue(detail.contains(file.getFileName().toString()), detail);
      }
      assertTrue(detail.contains("a: 1 events were erased, but some may be left"), detail);
      JsonNode audit = ok(api, "GET", "/api/v1/audit?since=0", "", ASKER).get("records");
      assertEquals("erasure_incomplete", audit.get(1).get("kind").asText());
      assertEquals(2, audit.get(1).at("/body/events").asInt(), audit.toString());
    }
  }

  @Test
  void refusesAnErasureThatMakesNoSense() {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
      assertRefused(api, 404, "there is no dataset nope", "nope", "x");
      assertRefused(api, 400, "reserved", "firebreak.changes", "x");
      assertRefused(api, 400, "field is missing", "a", "");
      assertEquals(
          400,
          api.send(
                  "POST", "/api/v1/admin/erase", "{\"dataset\": \"a\", \"field\": \"x\"}", OPERATOR)
              .status());
      assertEquals(Map.of("a", 1L), app.store().datasets());
    }
  }

  private static void assertRefused(
      Api api, int status, String expected, String dataset, String field) {
    Api.Reply reply =
        api.send(
            "POST",
            "/api/v1/admin/erase",
            "{\"dataset\": \"%s\", \"field\": \"%s\", \"value\": 1}".formatted(dataset, field),
            OPERATOR);
    assertEquals(status, reply.status(), reply.toString());
    assertTrue(reply.body().get("detail").asText().contains(expected), reply.toString());
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), args);
  }

  @Test
  void backsUpARunningServiceAndRestoresIt() throws IOException {
    Path backup = folder.resolve("backup");
    Path key = Files.writeString(folder.resolve("operator.key"), "op\n");
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
      Files.createFile(folder.resolve("data/STOP"));

      int code =
          run(
              "backup",
              "--to",
              backup.toString(),
              "--server",
              api.server().toString(),
              "--key-file",
              key.toString());

      assertEquals(0, code, err.toString());
      assertTrue(out.toString().contains("holds 1 events"), out.toString());
      append(api, "a", "2026-03-01T11:00:01Z", "\"x\": 2");
      assertEquals(Map.of("a", 2L), app.store().datasets());
    }

    Path restored = folder.resolve("restored");
    assertEquals(
        0,
        run("restore", "--from", backup.toString(), "--data", restored.toString()),
        err::toString);
    assertEquals(0, run("store", "verify", "--data", restored.toString()), err::toString);
    assertEquals(0, run("audit", "verify", "--data", restored.toString()), err::toString);
    assertTrue(Files.exists(restored.resolve("STOP")));
    try (EventStore store = EventStore.open(restored.resolve("events"))) {
      assertEquals(Map.of("a", 1L), store.datasets());
    }
  }

  @Test
  void backsUpAStoppedService() {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
      assertEquals(
          2,
          run("backup", "--data", folder + "/data", "--to", folder + "/b"),
          "while the service has it open");
      assertTrue(err.toString().contains("locked"), err.toString());
    }
    assertEquals(
        0, run("backup", "--data", folder + "/data", "--to", folder + "/b"), err::toString);
    assertEquals(
        0, run("restore", "--from", folder + "/b", "--data", folder + "/c"), err::toString);
    assertTrue(Files.exists(folder.resolve("c/records.db")));
  }

  @Test
  void overwritesNothing() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
    }
    String backup = folder + "/b";
    assertEquals(0, run("backup", "--data", folder + "/data", "--to", backup), err::toString);

    assertFails("a folder of its own", "backup", "--data", folder + "/data", "--to", backup);
    String inside = folder + "/data/events/b";
    assertFails("a folder of its own", "backup", "--data", folder + "/data", "--to", inside);
    assertFails(
        "is not empty, and a restore", "restore", "--from", backup, "--data", folder + "/data");
    Files.delete(folder.resolve("b/backup.json"));
    assertFails("was not finished", "restore", "--from", backup, "--data", folder + "/new");
    assertFails("no events in", "store", "verify", "--data", folder + "/nope");
    assertFails(
        "nobody answers", "backup", "--to", folder + "/n", "--server", "http://127.0.0.1:1");
    assertFalse(Files.exists(folder.resolve("new")));
  }

  private void assertFails(String expected, String... args) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(args), out.toString());
    assertTrue(err.toString().contains(expected), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  @Test
  void refusesToRestoreADamagedBackup() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
    }
    assertEquals(
        0, run("backup", "--data", folder + "/data", "--to", folder + "/b"), err::toString);
    damage(folder.resolve("b/events"));

    assertEquals(1, run("store", "verify", "--data", folder + "/b"), out::toString);
    assertTrue(out.toString().contains("is damaged: 1 events of the dataset \"a\""), out::toString);
    assertFails("damaged", "restore", "--from", folder + "/b", "--data", folder + "/c");
    assertFalse(Files.exists(folder.resolve("c")));
  }

  @Test
  void isNotReadyWhileAPartIsDamaged() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      append(api, "a", "2026-03-01T11:00:00Z", "\"x\": 1");
      assertEquals("", api.get("/health/ready").at("/reasons/store").asText());
    }
    damage(folder.resolve("data/events"));

    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      JsonNode ready =
          api.await(
              "the damage is found",
              Duration.ofSeconds(20),
              () -> {
                Api.Reply reply = api.send("GET", "/health/ready", "");
                return reply.body().at("/reasons/store").isMissingNode()
                    ? Optional.empty()
                    : Optional.of(reply.body());
              });
      assertFalse(ready.at("/parts/store").asBoolean(true), ready.toString());
      assertTrue(ready.at("/reasons/store").asText().contains("is damaged"), ready.toString());
      assertEquals(200, api.send("GET", "/health/live", "").status());
      String query = api.send("POST", "/1/queries/a", "{}", ASKER).body().get("id").asText();
      Api.Reply answer =
          api.send("POST", "/1/query_results/a", "{\"query_id\": \"%s\"}".formatted(query), ASKER);
      assertEquals(500, answer.status(), answer.toString());
      assertTrue(answer.body().get("error").asText().contains("is damaged"), answer.toString());
      assertTrue(
          ok(api, "GET", "/api/v1/store", "", ASKER)
              .get("damaged")
              .get(0)
              .asText()
              .contains("1 events"));
    }
  }

  @Test
  void saysInOneLineThatItsOwnHistoryIsDamaged() throws IOException {
    try (App app = start(KEYS, NOW);
        Api api = new Api(app.port())) {
      assertEquals(201, api.send("POST", "/1/markers/a", "{}", OPERATOR).status());
    }
    damage(folder.resolve("data/events"));

    assertFails(
        "1 events of the dataset \"firebreak.changes\"",
        "serve",
        "--port",
        "0",
        "--data",
        folder + "/data");
  }

  /** Turns bits in the middle of every part file. */
  private static void damage(Path events) throws IOException {
    try (var files = Files.walk(events)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".columns")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(file, bytes);
      }
    }
  }
}
