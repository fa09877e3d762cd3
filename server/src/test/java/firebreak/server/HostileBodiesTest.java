package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore;
import firebreak.eventstore.Figures;
import firebreak.eventstore.LimitExceededException;
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

/** Whatever a body holds, it is read or refused, and neither costs more than its length allows. */
@Tag("durability")
final class HostileBodiesTest {
  private static final long SEED = Long.getLong("firebreak.seed", 20_260_301L);
  private static final DerivedFields NO_COLUMNS = new DerivedFields(_ -> List.of());
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** For each 64 KiB of a body, begun or whole. */
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int PART = 64 * 1024;
  private static final long MOST_BYTES_PER_BYTE = 192;

  /** Whatever the length: an export may make a number of fields out of next to nothing. */
  private static final long FREE_BYTES = 8 << 20;

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
      new Otlp(store, InstantSource.fixed(NOW)).export(signal, request, null, null);
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
    QueryJson.query(List.of("api"), tree == null ? JsonTree.object() : tree, NO_COLUMNS, NOW);
  }

  @Test
  void honeycombEvents() {
    check(
        "Honeycomb event",
        HostileBodiesTest::honeycombEvent,
        List.of(HostileBodies.text(SoundBodies.EVENT)),
        HostileBodies.costlyJson("{", "}"));
  }

  @Test
  void honeycombBatches() {
    check(
        "Honeycomb batch",
        HostileBodiesTest::jsonBatch,
        List.of(HostileBodies.text(SoundBodies.BATCH)),
        HostileBodies.costlyJson("[{\"data\":{", "}}]"));
  }

  @Test
  void messagePackBatches() throws IOException {
    check(
        "MessagePack batch",
        HostileBodiesTest::messagePackBatch,
        List.of(SoundBodies.messagePack(), SoundBodies.messagePackWithExtensions()),
        List.of());
  }

  @Test
  void otlpInProtobuf() {
    check(
        "OTLP protobuf traces",
        body -> protobuf(Otlp.Signal.TRACES, body),
        List.of(SoundBodies.traces().toByteArray()),
        SoundBodies.costlyTraces());
    check(
        "OTLP protobuf logs",
        body -> protobuf(Otlp.Signal.LOGS, body),
        List.of(SoundBodies.logs().toByteArray()),
        List.of());
    check(
        "OTLP protobuf metrics",
        body -> protobuf(Otlp.Signal.METRICS, body),
        List.of(SoundBodies.metrics().toByteArray()),
        SoundBodies.costlyMetrics());
  }

  @Test
  void otlpInJson() {
    check(
        "OTLP JSON traces",
        body -> otlpJson(Otlp.Signal.TRACES, body),
        List.of(HostileBodies.text(SoundBodies.TRACES)),
        HostileBodies.costlyJson("{\"resourceSpans\":[{", "}]}"));
    check(
        "OTLP JSON logs",
        body -> otlpJson(Otlp.Signal.LOGS, body),
        List.of(HostileBodies.text(SoundBodies.LOGS)),
        HostileBodies.costlyJson("{\"resourceLogs\":[{\"resource\":{", "}}]}"));
  }

  @Test
  void queries() {
    check(
        "query",
        HostileBodiesTest::query,
        List.of(HostileBodies.text(SoundBodies.QUERY)),
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
}
