package firebreak.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** More events come than can be taken: most are told so at once, and nobody waits for long. */
class IntakeIT {
  private static final long BYTES = 256 << 10;
  private static final Duration USUAL = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMillis(300);
  private static final String EVENT = "{\"a\": 1}";

  private final IntakeLine line = new IntakeLine(BYTES, USUAL, LONGEST);

  @Test
  void whoWaitsTooLongIsToldToComeAgain() throws Exception {
    try (Edge edge = new Edge(new BodyReader(), line)) {
      occupy(line);
      CompletableFuture<HttpResponse<byte[]>> waiting = sent(edge);
      awaitTurnedAway(line);
      assertEquals(200, edge.get("/health/live").statusCode());
      assertEquals(
          201,
          edge.post("/1/markers/a", "{\"message\": \"deploy\"}").statusCode(),
          "what happened is heard all the same");
      LockSupport.parkNanos(LONGEST.toNanos());
      line.left(BYTES);

      HttpResponse<byte[]> refused = waiting.get(10, TimeUnit.SECONDS);
      assertEquals(503, refused.statusCode(), Edge.text(refused));
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse("none"));
      assertEquals(0, edge.store.events("a").size());
      assertEquals(200, edge.post("/1/events/a", EVENT).statusCode());
      assertEquals(1, edge.store.events("a").size());
    }
  }

  @Test
  void whileTheFirstInTheLineWaitsTheOthersAreToldAtOnce() throws Exception {
    IntakeLine patient = new IntakeLine(BYTES, USUAL, Duration.ofMinutes(1));
    try (Edge edge = new Edge(new BodyReader(), patient)) {
      occupy(patient);
      CompletableFuture<HttpResponse<byte[]>> waiting = sent(edge);
      awaitTurnedAway(patient);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
        socket.setSoTimeout(10_000);
        assertTrue(exchange(socket, large()).startsWith("HTTP/1.1 503"), "long before a minute");
        assertTrue(
            exchange(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .startsWith("HTTP/1.1 200"),
            "and is not hung up on");
      }
      assertEquals(0, edge.store.events("a").size());
      patient.left(BYTES);
      assertEquals(200, waiting.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(200, edge.post("/1/events/a", EVENT).statusCode());
      assertEquals(2, edge.store.events("a").size());
    }
  }

  @Test
  void onlySoManyBytesAreAtWorkAndTheRestInTheOrderInWhichTheyCame() {
    List<Integer> begun = new ArrayList<>();
    IntakeLine patient = new IntakeLine(BYTES, USUAL, Duration.ofMinutes(1));
    for (int i = 0; i < 5; i++) {
      int number = i;
      patient.enter(BYTES / 2, () -> begun.add(number), _ -> begun.add(-1));
    }
    assertEquals(List.of(0, 1), begun);
    patient.left(BYTES / 2);
    assertEquals(List.of(0, 1, 2), begun);
    patient.left(BYTES / 2);
    patient.left(BYTES / 2);
    assertEquals(List.of(0, 1, 2, 3, 4), begun);
    assertNull(patient.turnedAway(), "nobody waits");
    patient.enter(100 * BYTES, () -> begun.add(5), _ -> begun.add(-1));
    patient.left(BYTES / 2);
    patient.left(BYTES / 2);
    assertEquals(List.of(0, 1, 2, 3, 4, 5), begun, "however large, when there is room at all");
    patient.enter(1, () -> begun.add(6), _ -> begun.add(-1));
    assertEquals(6, begun.size(), "and nothing beside it");
    patient.left(100 * BYTES);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), begun);
  }

  @Test
  void theLineIsOnlySoLong() {
    List<Refusal> refused = new ArrayList<>();
    IntakeLine patient = new IntakeLine(BYTES, Duration.ofMinutes(1), Duration.ofMinutes(1));
    occupy(patient);
    for (int i = 0; i < Limits.INGEST_REQUESTS; i++) {
      assertNull(patient.turnedAway());
      patient.enter(1, () -> {}, refused::add);
    }
    assertEquals(0, refused.size());
    assertNotNull(patient.turnedAway());
    patient.enter(1, () -> {}, refused::add);
    assertEquals(1, refused.size());
    assertEquals(503, refused.getFirst().status());
  }

  private static void occupy(IntakeLine line) {
    line.enter(BYTES, () -> {}, refusal -> fail("turned away from an empty line", refusal));
  }

  private static CompletableFuture<HttpResponse<byte[]>> sent(Edge edge) {
    return CompletableFuture.supplyAsync(() -> edge.post("/1/events/a", EVENT));
  }

  private static void awaitTurnedAway(IntakeLine line) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (line.turnedAway() == null) {
      assertTrue(System.nanoTime() < deadline, "the one in the line is not noticed");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String large() {
    String body = "x".repeat(4 << 20);
    return "POST /1/events/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  /** The head of the answer; its body, which is small, is read with it. */
  private static String exchange(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(UTF_8));
    InputStream in = socket.getInputStream();
    byte[] answer = new byte[4096];
    int n = 0;
    while (!isWhole(new String(answer, 0, n, UTF_8))) {
      int more = in.read(answer, n, answer.length - n);
      assertTrue(more > 0, "hung up after: " + new String(answer, 0, n, UTF_8));
      n += more;
    }
    return new String(answer, 0, n, UTF_8);
  }

  private static boolean isWhole(String answer) {
    int end = answer.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    String length = answer.toLowerCase(Locale.ROOT).split("content-length: ", 2)[1];
    return answer.length() - end - 4 >= Integer.parseInt(length.substring(0, length.indexOf('\r')));
  }
}
