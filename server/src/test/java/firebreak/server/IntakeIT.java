package firebreak.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
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
  void whoWaitsTooLongIsToldToComeAgain() {
    try (Edge edge = new Edge(new BodyReader(), line)) {
      HttpResponse<byte[]> refused;
      try (IntakeLine.Place _ = line.enter(BYTES)) {
        refused = edge.post("/1/events/a", EVENT);
        assertEquals(200, edge.get("/health/live").statusCode());
        assertEquals(
            201,
            edge.post("/1/markers/a", "{\"message\": \"deploy\"}").statusCode(),
            "what happened is heard all the same");
      }
      assertEquals(503, refused.statusCode(), Edge.text(refused));
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse("none"));
      assertEquals(0, edge.store.events("a").size());
      assertEquals(200, edge.post("/1/events/a", EVENT).statusCode());
      assertEquals(1, edge.store.events("a").size());
    }
  }

  @Test
  void whileThoseInTheLineWaitTheOthersAreToldAtOnce() throws Exception {
    IntakeLine patient = new IntakeLine(BYTES, USUAL, Duration.ofMinutes(1));
    try (Edge edge = new Edge(new BodyReader(), patient)) {
      CompletableFuture<HttpResponse<byte[]>> waiting;
      try (IntakeLine.Place _ = patient.enter(BYTES)) {
        waiting = CompletableFuture.supplyAsync(() -> edge.post("/1/events/a", EVENT));
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
      }
      assertEquals(200, waiting.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(200, edge.post("/1/events/a", EVENT).statusCode());
    }
  }

  @Test
  void aLineThatIsEmptyTurnsNobodyAway() {
    try (IntakeLine.Place _ = line.enter(BYTES)) {
      assertThrows(Refusal.class, () -> line.enter(1));
      assertNull(line.turnedAway(), "nobody waits");
    }
    line.enter(1).close();
  }

  @Test
  void oneThatIsLargerThanAllHasItToItself() {
    try (IntakeLine.Place _ = line.enter(100 * BYTES)) {
      assertNotNull(assertThrows(Refusal.class, () -> line.enter(1)).retryAfter());
    }
    try (IntakeLine.Place _ = line.enter(BYTES / 2);
        IntakeLine.Place _ = line.enter(BYTES / 2)) {
      assertThrows(Refusal.class, () -> line.enter(1));
    }
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
    String length = answer.toLowerCase(java.util.Locale.ROOT).split("content-length: ", 2)[1];
    return answer.length() - end - 4 >= Integer.parseInt(length.substring(0, length.indexOf('\r')));
  }
}
