package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Figures;
import firebreak.eventstore.LimitExceededException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.CharConversionException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Whatever a body holds, it is read or refused, and neither costs more than its length allows. */
@Tag("durability")
final class HostileBodiesTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** For each 64 KiB of a body, begun or whole. */
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int PART = 64 * 1024;
  private static final long MOST_BYTES_PER_BYTE = 128;
  private static final long FREE_BYTES = 1 << 20;

  /** What reads a body. */
  @FunctionalInterface
  private interface Reader {
    void read(byte[] body) throws Exception;
  }

  private static void keep(List<Event> events) {
    if (!events.isEmpty()) {
      try (EventStore store = EventStore.inMemory()) {
        store.append("api", events);
      }
    }
  }

  private static void honeycombEvent(byte[] body) throws IOException {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(body)) {
      keep(List.of(new HoneycombReader(parser, NOW).event(null, null)));
    }
  }

  private static void honeycombBatch(JsonParser parser) throws IOException {
    List<Event> events = new ArrayList<>();
    for (HoneycombReader.Reading reading : new HoneycombReader(parser, NOW).batch()) {
      if (reading instanceof HoneycombReader.Reading.Good(Event event)) {
        events.add(event);
      }
    }
    keep(events);
  }

  private static void jsonBatch(byte[] body) throws IOException {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(body)) {
      honeycombBatch(parser);
    }
  }

  private static void messagePackBatch(byte[] body) throws IOException {
    try (JsonParser parser = MessagePackReader.read(body).traverse(Json.MAPPER)) {
      honeycombBatch(parser);
    }
  }

  private static void export(Otlp.Signal signal, Message request) {
    try (EventStore store = EventStore.inMemory()) {
      new Otlp(store, InstantSource.fixed(NOW)).export(signal, request, null);
    }
  }

  private static void protobuf(Otlp.Signal signal, byte[] body) throws IOException {
    export(signal, signal.parse(body));
  }

  private static void otlpJson(Otlp.Signal signal, byte[] body) throws IOException {
    export(signal, OtlpJson.read(body, signal.newRequest()));
  }

  private static void query(byte[] body) throws IOException {
    JsonNode tree = Json.MAPPER.readTree(body);
    QueryJson.named(List.of("api"), tree == null ? JsonTree.object() : tree, NOW);
  }

  @Test
  void honeycombEvents() {
    check(
        "Honeycomb event",
        HostileBodiesTest::honeycombEvent,
        List.of(HostileBodies.text(EVENT)),
        HostileBodies.costlyJson("{", "}"));
  }

  @Test
  void honeycombBatches() {
    check(
        "Honeycomb batch",
        HostileBodiesTest::jsonBatch,
        List.of(HostileBodies.text(BATCH)),
        HostileBodies.costlyJson("[{\"data\":{", "}}]"));
  }

  @Test
  void messagePackBatches() throws IOException {
    check(
        "MessagePack batch",
        HostileBodiesTest::messagePackBatch,
        List.of(messagePack(), messagePackWithExtensions()),
        List.of());
  }

  @Test
  void otlpInProtobuf() {
    check(
        "OTLP protobuf traces",
        body -> protobuf(Otlp.Signal.TRACES, body),
        List.of(traces().toByteArray()),
        costlyTraces());
    check(
        "OTLP protobuf logs",
        body -> protobuf(Otlp.Signal.LOGS, body),
        List.of(logs().toByteArray()),
        List.of());
  }

  @Test
  void otlpInJson() {
    check(
        "OTLP JSON traces",
        body -> otlpJson(Otlp.Signal.TRACES, body),
        List.of(HostileBodies.text(TRACES)),
        HostileBodies.costlyJson("{\"resourceSpans\":[{", "}]}"));
    check(
        "OTLP JSON logs",
        body -> otlpJson(Otlp.Signal.LOGS, body),
        List.of(HostileBodies.text(LOGS)),
        HostileBodies.costlyJson("{\"resourceLogs\":[{\"resource\":{", "}}]}"));
  }

  @Test
  void queries() {
    check(
        "query",
        HostileBodiesTest::query,
        List.of(HostileBodies.text(QUERY)),
        HostileBodies.costlyJson("{\"filters\":[{", "}]}"));
  }

  private void check(String name, Reader reader, List<byte[]> sound, List<byte[]> costly) {
    Figures figures = new Figures("R13", "hostile bodies: " + name);
    int millis = Figures.runs("fuzz", 1_000, 15_000);
    for (byte[] body : sound) {
      assertEquals("", outcome(reader, body), name + ": a sound body is refused");
    }
    for (byte[] body : sound) {
      for (int i = 0; i < 300; i++) {
        outcome(reader, body);
      }
    }
    Cost highest = new Cost(0, 0);
    for (byte[] body : costly) {
      highest = highest.and(tried(name, reader, body));
      figures.ran(1);
    }
    HostileBodies bodies = new HostileBodies(SEED, sound);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      highest = highest.and(tried(name, reader, bodies.next()));
      figures.ran(1);
    }
    figures.control(
        "most %.1f ms a 64 KiB, %.0f bytes a byte".formatted(highest.nanos / 1e6, highest.bytes));
    figures.write();
  }

  /**
   * The most that any body cost.
   *
   * @param nanos CPU time for each 64 KiB of the body
   * @param bytes allocated for each byte of it, beyond what every body may take
   */
  private record Cost(double nanos, double bytes) {
    Cost and(Cost other) {
      return new Cost(Math.max(nanos, other.nanos), Math.max(bytes, other.bytes));
    }

    Cost least(Cost other) {
      return new Cost(Math.min(nanos, other.nanos), Math.min(bytes, other.bytes));
    }

    boolean isTooMuch() {
      return nanos > MOST_NANOS || bytes > MOST_BYTES_PER_BYTE;
    }
  }

  private static Cost tried(String name, Reader reader, byte[] body) {
    Cost cost = cost(reader, body);
    // The compiler may have come in between, and costs what it costs but once.
    for (int again = 0; again < 3 && cost.isTooMuch(); again++) {
      cost = cost.least(cost(reader, body));
    }
    String outcome = outcome(reader, body);
    assertTrue(
        !outcome.startsWith("!"), () -> "%s: %s for %s".formatted(name, outcome, shown(body)));
    Cost least = cost;
    assertTrue(!cost.isTooMuch(), () -> "%s: %s for %s".formatted(name, least, shown(body)));
    return cost;
  }

  private static Cost cost(Reader reader, byte[] body) {
    long nanos = THREADS.getCurrentThreadCpuTime();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    outcome(reader, body);
    nanos = THREADS.getCurrentThreadCpuTime() - nanos;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return new Cost(
        (double) nanos / (1 + body.length / PART),
        (double) Math.max(0, bytes - FREE_BYTES) / Math.max(1, body.length));
  }

  /** Empty when the body is read, else why it is refused; after a "!" what no sender may cause. */
  private static String outcome(Reader reader, byte[] body) {
    try {
      reader.read(body);
      return "";
    } catch (IllegalArgumentException
        | Refusal
        | LimitExceededException
        | JsonProcessingException
        | CharConversionException
        | InvalidProtocolBufferException e) {
      return "refused: " + e.getMessage();
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      return "!" + e;
    }
  }

  private static String shown(byte[] body) {
    return "seed %d, %d bytes: %s"
        .formatted(
            SEED, body.length, HexFormat.of().formatHex(body, 0, Math.min(400, body.length)));
  }

  private static final String EVENT =
      """
      {"name":"GET /","duration_ms":12.5,"status":200,"error":false,"user":{"id":7,"tags":["a"]}}
      """;

  private static final String BATCH =
      """
      [{"time":"2026-03-01T11:59:00.5Z","samplerate":4,"data":{"name":"a","n":1e3,"o":{"p":{"q":1}}}},
       {"time":1772366340,"data":{"name":"\\u00e4\\ud83d\\ude00","list":[1,[2,{"x":null}]]}}]
      """;

  private static final String QUERY =
      """
      {"calculations":[{"op":"P99","column":"duration_ms"},{"op":"COUNT"}],"breakdowns":["user"],
       "filters":[{"column":"status","op":">=","value":500},{"column":"user","op":"in","value":["a"]}],
       "filter_combination":"OR","orders":[{"op":"COUNT","order":"descending"}],"limit":10,
       "havings":[{"calculate_op":"COUNT","op":">","value":3}],"time_range":7200,"granularity":60,
       "compare_time_offset_seconds":86400}
      """;

  private static final String TRACES =
      """
      {"resourceSpans":[{"resource":{"attributes":[
         {"key":"service.name","value":{"stringValue":"checkout"}}]},
        "scopeSpans":[{"scope":{"name":"library"},"spans":[{"name":"GET","kind":2,
          "traceId":"000102030405060708090a0b0c0d0e0f","spanId":"0001020304050607",
          "startTimeUnixNano":"1772366340000000000","endTimeUnixNano":1772366341000000000,
          "attributes":[{"key":"map","value":{"kvlistValue":{"values":[
            {"key":"a","value":{"arrayValue":{"values":[{"doubleValue":0.5},{"intValue":"7"}]}}}]}}},
            {"key":"raw","value":{"bytesValue":"AAAA"}}],
          "events":[{"name":"exception","timeUnixNano":"1772366340500000000","attributes":[
            {"key":"exception.message","value":{"stringValue":"broken"}}]}],
          "links":[{"traceId":"000102030405060708090a0b0c0d0e0f"}],
          "status":{"code":"STATUS_CODE_ERROR","message":"x"}}]}]}]}
      """;

  private static final String LOGS =
      """
      {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1772366340000000000",
        "severityNumber":9,"body":{"stringValue":"it broke"},
        "attributes":[{"key":"event.name","value":{"stringValue":"x"}}]}]}]}]}
      """;

  private static byte[] messagePack() throws IOException {
    return messagePack(false);
  }

  private static byte[] messagePackWithExtensions() throws IOException {
    return messagePack(true);
  }

  private static byte[] messagePack(boolean withExtensions) throws IOException {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(1).packMapHeader(3);
      packer.packString("time");
      if (withExtensions) {
        packer.packTimestamp(NOW);
      } else {
        packer.packString(NOW.toString());
      }
      packer.packString("samplerate").packInt(2);
      packer.packString("data").packMapHeader(5);
      packer.packString("name").packString("GET");
      packer.packString("took").packDouble(12.5);
      packer.packString("big").packLong(Long.MAX_VALUE);
      packer.packString("deep").packMapHeader(1).packString("a").packArrayHeader(1).packNil();
      packer.packString("raw").packBinaryHeader(3).writePayload(new byte[3]);
      return packer.toByteArray();
    }
  }

  private static ExportTraceServiceRequest traces() {
    var builder = ExportTraceServiceRequest.newBuilder();
    var resource = builder.addResourceSpansBuilder();
    resource
        .getResourceBuilder()
        .addAttributesBuilder()
        .setKey("service.name")
        .getValueBuilder()
        .setStringValue("checkout");
    var scope = resource.addScopeSpansBuilder();
    scope.getScopeBuilder().setName("library").setVersion("1");
    var span = scope.addSpansBuilder();
    span.setName("GET")
        .setStartTimeUnixNano(1_772_366_340_000_000_000L)
        .setEndTimeUnixNano(1_772_366_341_000_000_000L)
        .setTraceId(ByteString.copyFrom(new byte[16]))
        .setSpanId(ByteString.copyFrom(new byte[8]));
    var list = span.addAttributesBuilder();
    list.setKey("map")
        .getValueBuilder()
        .getKvlistValueBuilder()
        .addValuesBuilder()
        .setKey("inner")
        .getValueBuilder()
        .getArrayValueBuilder()
        .addValuesBuilder()
        .setDoubleValue(0.5);
    span.addAttributesBuilder().setKey("SampleRate").getValueBuilder().setIntValue(3);
    var event = span.addEventsBuilder();
    event.setName("exception").setTimeUnixNano(1_772_366_340_500_000_000L);
    event
        .addAttributesBuilder()
        .setKey("exception.message")
        .getValueBuilder()
        .setStringValue("broken");
    span.addEventsBuilder()
        .setName("feature_flag.evaluation")
        .addAttributesBuilder()
        .setKey("feature_flag.key")
        .getValueBuilder()
        .setStringValue("a-flag");
    span.addLinksBuilder().setTraceId(ByteString.copyFrom(new byte[16]));
    span.getStatusBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("broken");
    return builder.build();
  }

  private static ExportLogsServiceRequest logs() {
    var builder = ExportLogsServiceRequest.newBuilder();
    var record = builder.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecordsBuilder();
    record.setTimeUnixNano(1_772_366_340_000_000_000L).setSeverityNumberValue(9);
    record.getBodyBuilder().setStringValue("it broke");
    record.addAttributesBuilder().setKey("event.name").getValueBuilder().setStringValue("x");
    record
        .addAttributesBuilder()
        .setKey("raw")
        .getValueBuilder()
        .setBytesValue(ByteString.copyFromUtf8("abc"));
    return builder.build();
  }

  /** Long names over many fields, long shared fields over many spans, deep values. */
  private static List<byte[]> costlyTraces() {
    var named = traces().toBuilder();
    var attribute =
        named
            .getResourceSpansBuilder(0)
            .getScopeSpansBuilder(0)
            .getSpansBuilder(0)
            .addAttributesBuilder();
    var values = attribute.setKey("n".repeat(30_000)).getValueBuilder().getKvlistValueBuilder();
    for (int i = 0; i < 5_000; i++) {
      values.addValuesBuilder().setKey("k").getValueBuilder().setBoolValue(true);
    }
    var shared = traces().toBuilder();
    var resource = shared.getResourceSpansBuilder(0);
    for (int i = 0; i < 900; i++) {
      resource
          .getResourceBuilder()
          .addAttributesBuilder()
          .setKey("field-" + i)
          .getValueBuilder()
          .setIntValue(i);
    }
    for (int i = 0; i < 3_000; i++) {
      resource.getScopeSpansBuilder(0).addSpansBuilder().setName("s");
    }
    return List.of(named.build().toByteArray(), shared.build().toByteArray());
  }
}
