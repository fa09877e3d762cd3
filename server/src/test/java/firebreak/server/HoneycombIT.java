package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Value;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import io.honeycomb.libhoney.HoneyClient;
import io.honeycomb.libhoney.LibHoney;
import io.honeycomb.libhoney.ResponseObserver;
import io.honeycomb.libhoney.responses.ClientRejected;
import io.honeycomb.libhoney.responses.ServerAccepted;
import io.honeycomb.libhoney.responses.ServerRejected;
import io.honeycomb.libhoney.responses.Unknown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class HoneycombIT {
  private static final String[] JSON = {"Content-Type", "application/json"};

  private final Edge edge = new Edge();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void takesWhatHoneycombsOwnClientSends() throws Exception {
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    Queue<String> rejections = new ConcurrentLinkedQueue<>();
    CountDownLatch answered = new CountDownLatch(3);
    try (HoneyClient client =
        LibHoney.create(
            LibHoney.options()
                .setApiHost(edge.uri(""))
                .setWriteKey("key")
                .setDataset("query api")
                .build())) {
      client.addResponseObserver(
          new ResponseObserver() {
            @Override
            public void onServerAccepted(ServerAccepted accepted) {
              statuses.add(accepted.getEventStatusCode());
              answered.countDown();
            }

            @Override
            public void onServerRejected(ServerRejected rejected) {
              rejections.add(rejected.getMessage());
              answered.countDown();
            }

            @Override
            public void onClientRejected(ClientRejected rejected) {
              rejections.add(rejected.toString());
              answered.countDown();
            }

            @Override
            public void onUnknown(Unknown unknown) {
              rejections.add(unknown.toString());
              answered.countDown();
            }
          });
      for (int i = 0; i < 3; i++) {
        client.send(Map.of("customer_id", "retail", "duration_ms", 12.5, "row", i));
      }
      assertTrue(answered.await(20, TimeUnit.SECONDS), "no answer for each event");
    }

    assertEquals(List.of(202, 202, 202), List.copyOf(statuses), rejections.toString());
    List<Event> events = edge.store.events("query api");
    assertEquals(3, events.size());
    assertEquals(Value.of("retail"), events.getFirst().field("customer_id"));
    assertEquals(Value.number(12.5), events.getFirst().field("duration_ms"));
  }

  @Test
  void takesOneEventWithItsTimeAndSampleRate() {
    HttpResponse<byte[]> response =
        edge.post(
            "/1/events/query-api",
            """
            {"status": 200, "took": 200.0, "ok": true, "nothing": null,
             "http": {"route": "/q", "headers": {"host": "a"}}, "tags": ["x", 1]}""",
            "X-Honeycomb-Event-Time",
            "1709294400123",
            "X-Honeycomb-Samplerate",
            "20");

    assertEquals(200, response.statusCode());
    Event event = edge.store.events("query-api").getFirst();
    assertEquals(Instant.parse("2024-03-01T12:00:00.123Z"), event.time());
    assertEquals(20, event.sampleRate());
    assertEquals(
        Map.of(
            "status", Value.of(200),
            "took", Value.of(200),
            "ok", Value.of(true),
            "http.route", Value.of("/q"),
            "http.headers.host", Value.of("a"),
            "tags", Value.of("[\"x\",1]")),
        event.fields());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-03T04:05:06Z, 2026-02-03T04:05:06Z",
    "2026-02-03T04:05:06.25+01:00, 2026-02-03T03:05:06.250Z",
    "1709294400, 2024-03-01T12:00:00Z",
    "1709294400.5, 2024-03-01T12:00:00.500Z",
    "1709294400123456, 2024-03-01T12:00:00.123456Z",
    "1709294400123456789, 2024-03-01T12:00:00.123456789Z",
  })
  void readsTheTimeInAnyOfItsForms(String sent, Instant time) {
    edge.post("/1/events/a", "{\"x\": 1}", "X-Honeycomb-Event-Time", sent);

    assertEquals(time, edge.store.events("a").getFirst().time());
  }

  @Test
  void takesAnEventWithoutATimeAsOfNow() {
    edge.post("/1/events/a", "{\"x\": 1}");

    assertEquals(Edge.NOW, edge.store.events("a").getFirst().time());
    assertEquals(1, edge.store.events("a").getFirst().sampleRate());
  }

  @Test
  void storesTheGoodHalfOfABatchAndSaysWhatIsWrongWithTheOther() {
    HttpResponse<byte[]> response =
        edge.post(
            "/1/batch/query%20api%2Fbeta",
            """
            [{"time": "2026-03-01T11:59:00Z", "samplerate": 4, "data": {"a": 1}},
             {"time": "yesterday", "data": {"a": 2}},
             {"time": 1709294400, "data": {"a": 3}},
             {"samplerate": -1, "data": {"a": 4}},
             {"data": {}}, 17, {"time": null},
             {"samplerate": 2, "data": {"a": 5}, "extra": [{}]}]""",
            JSON);

    assertEquals(200, response.statusCode());
    var statuses = Edge.json(response);
    assertEquals(
        List.of(202, 400, 202, 400, 400, 400, 400, 202),
        statuses.findValues("status").stream().map(node -> node.asInt()).toList());
    assertTrue(statuses.get(1).get("error").asText().contains("yesterday"), statuses.toString());
    assertTrue(statuses.get(3).get("error").asText().contains("-1"), statuses.toString());
    List<Event> events = edge.store.events("query api/beta");
    assertEquals(
        List.of(Value.of(1), Value.of(3), Value.of(5)),
        events.stream().map(event -> event.field("a")).toList());
    assertEquals(List.of(4, 1, 2), events.stream().map(Event::sampleRate).toList());
  }

  @Test
  void takesMessagePackWithItsTimestamps() throws IOException {
    MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
    packer.packArrayHeader(1).packMapHeader(3);
    packer.packString("time").packTimestamp(Instant.parse("2026-03-01T11:00:00.5Z"));
    packer.packString("samplerate").packInt(3);
    packer.packString("data").packMapHeader(3);
    packer.packString("duration_ms").packDouble(1.5);
    packer.packString("deep").packMapHeader(1).packString("key").packLong(-7);
    packer.packString("list").packArrayHeader(2).packBoolean(true).packNil();

    HttpResponse<byte[]> response =
        edge.send(
            "POST", "/1/batch/a", packer.toByteArray(), "Content-Type", "application/msgpack");

    assertEquals("[{\"status\":202}]", Edge.text(response));
    Event event = edge.store.events("a").getFirst();
    assertEquals(Instant.parse("2026-03-01T11:00:00.5Z"), event.time());
    assertEquals(3, event.sampleRate());
    assertEquals(
        Map.of(
            "duration_ms", Value.number(1.5),
            "deep.key", Value.of(-7),
            "list", Value.of("[true,null]")),
        event.fields());
  }

  @Test
  void refusesMessagePackThatClaimsMoreThanItHas() {
    byte[] body = {(byte) 0x81, (byte) 0xc6, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1};

    HttpResponse<byte[]> response =
        edge.send("POST", "/1/events/a", body, "Content-Type", "application/msgpack");

    assertEquals(400, response.statusCode());
    assertTrue(Edge.json(response).get("error").asText().contains("ends too early"));
  }

  @Test
  void takesGzipAndZstd() throws IOException {
    byte[] body = "[{\"data\": {\"a\": 1}}]".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    try (ZstdOutputStream out = new ZstdOutputStream(zstd)) {
      out.write(body);
    }

    edge.send("POST", "/1/batch/a", Edge.gzip(body), "Content-Encoding", "gzip");
    edge.send("POST", "/1/batch/a", zstd.toByteArray(), "Content-Encoding", "zstd");

    assertEquals(2, edge.store.events("a").size());
  }

  @Test
  void keepsWhatIsNestedTooDeepAsText() {
    String open = "{\"k\":".repeat(Limits.FLATTEN_DEPTH + 1);
    edge.post("/1/events/a", open + "1" + "}".repeat(Limits.FLATTEN_DEPTH + 1));

    assertEquals(
        Map.of("k.k.k.k.k.k.k.k.k.k", Value.of("{\"k\":1}")),
        edge.store.events("a").getFirst().fields());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": 1 | not well-formed at line 1",
        "{\"a\": 1} {} | goes on after its end",
        "[1] | an event is an object",
        "{} | no fields",
        "'' | the body is empty",
        "{\"\": 1} | a field needs a name",
      })
  void saysWhatIsWrongWithAnEvent(String body, String why) {
    HttpResponse<byte[]> response = edge.post("/1/events/a", body, JSON);

    assertEquals(400, response.statusCode());
    String error = Edge.json(response).get("error").asText();
    assertTrue(error.contains(why), error);
    assertNull(edge.store.datasets().get("a"));
  }

  @Test
  void refusesNestingThatWouldExhaustTheStack() {
    HttpResponse<byte[]> response = edge.post("/1/events/a", "{\"a\":" + "[".repeat(100_000), JSON);

    assertEquals(400, response.statusCode());
    assertTrue(Edge.text(response).contains("nesting depth"), Edge.text(response));
  }

  @Test
  void refusesTooManyFields() {
    StringBuilder body = new StringBuilder("[{\"data\": {\"f\": 0");
    for (int i = 0; i < firebreak.eventstore.Limits.FIELDS_PER_EVENT; i++) {
      body.append(", \"f").append(i).append("\": 1");
    }

    HttpResponse<byte[]> response =
        edge.post("/1/batch/a", body + "}}, {\"data\": {\"a\": 1}}]", JSON);

    assertEquals(400, Edge.json(response).get(0).get("status").asInt());
    assertEquals(202, Edge.json(response).get(1).get("status").asInt());
  }

  @Test
  void saysHowSafeTheEventsAre() {
    edge.store.acknowledgeAsFast("b");

    assertEquals("durable", durability(edge.post("/1/events/a", "{\"x\": 1}", JSON)));
    assertEquals("async", durability(edge.post("/1/events/b", "{\"x\": 1}", JSON)));
    assertEquals("async", durability(edge.post("/1/batch/b", "[{\"data\": {\"x\": 1}}]", JSON)));
    assertEquals("", durability(edge.post("/1/batch/b", "[{\"data\": {}}]", JSON)));
  }

  private static String durability(HttpResponse<byte[]> response) {
    return response.headers().firstValue("X-Durability").orElse("");
  }

  @Test
  void keepsARequestOnceForOneIdempotencyKey() {
    String[] headers = {"Idempotency-Key", "monday", "Content-Type", "application/json"};
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response =
          edge.post("/1/batch/a", "[{\"data\": {\"x\": 1}}, {\"data\": {}}]", headers);
      assertEquals(200, response.statusCode());
      assertEquals(202, Edge.json(response).get(0).get("status").asInt());
    }
    edge.post("/1/events/a", "{\"x\": 1}", "Idempotency-Key", "tuesday");
    edge.post("/1/events/a", "{\"x\": 1}", "Idempotency-Key", "tuesday");

    assertEquals(Map.of("a", 2L), edge.store.datasets());
    assertEquals(
        List.of("anyone/monday", "anyone/tuesday"),
        edge.store.keys().stream().map(key -> key == null ? "" : key.text()).distinct().toList());
  }

  @Test
  void refusesAnIdempotencyKeyThatIsTooLong() {
    HttpResponse<byte[]> response =
        edge.post("/1/events/a", "{\"x\": 1}", "Idempotency-Key", "k".repeat(300));

    assertEquals(400, response.statusCode());
    assertTrue(Edge.text(response).contains("a batch's key is 1 to"), Edge.text(response));
  }

  @Test
  void letsNobodyWriteFirebreaksOwnHistory() {
    HttpResponse<byte[]> response = edge.post("/1/events/firebreak.changes", "{\"a\": 1}");

    assertEquals(400, response.statusCode());
    assertTrue(Edge.text(response).contains("reserved"), Edge.text(response));
  }

  @Test
  void saysThatItMayBeSentAgainWhenTheStoreIsFull() {
    edge.store.failWith(new LimitExceededException("More than 9 bytes already wait."));

    HttpResponse<byte[]> response = edge.post("/1/batch/a", "[{\"data\": {\"a\": 1}}]", JSON);

    assertEquals(503, response.statusCode());
    assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("More than 9 bytes already wait.", Edge.json(response).get("error").asText());
  }
}
