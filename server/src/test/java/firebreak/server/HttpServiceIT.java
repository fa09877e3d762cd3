package firebreak.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServiceIT {
  private static final long SHORT_MILLIS = 300;

  private final BodyReader bodies = new BodyReader();
  private final Edge edge = new Edge(bodies);

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /1/nothing, 404, error, there is nothing at /1/nothing",
    "GET, /1/events/a, 405, error, /1/events/a does not take GET",
    "PUT, /1/batch/a, 405, error, /1/batch/a does not take PUT",
    "GET, /v1/traces, 405, message, /v1/traces does not take GET",
    "POST, /v1/profiles, 404, message, there is nothing at /v1/profiles",
    "GET, /api/v1/nothing, 404, detail, there is nothing at /api/v1/nothing",
    "POST, /elsewhere, 405, detail, /elsewhere does not take POST",
    "TRACE, /health/live, 405, detail, /health/live does not take TRACE",
  })
  void saysWhatIsNotThere(String method, String path, int status, String field, String why) {
    HttpResponse<byte[]> response =
        edge.send(method, path, new byte[0], "Content-Type", "application/json");

    assertEquals(status, response.statusCode());
    assertEquals(why, Edge.json(response).get(field).asText());
  }

  @ParameterizedTest
  @CsvSource({"/1/events/a, POST", "/v1/logs, POST", "/health/live, GET", "/page, 'GET, HEAD'"})
  void saysWhichMethodsAPathTakes(String path, String allowed) {
    assertEquals(
        allowed,
        edge.send("DELETE", path, new byte[0]).headers().firstValue("Allow").orElse("none"));
  }

  @Test
  void writesItsOwnErrorsAsProblems() {
    HttpResponse<byte[]> response = edge.get("/api/v1/nothing");

    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("Not Found", Edge.json(response).get("title").asText());
    assertEquals(404, Edge.json(response).get("status").asInt());
  }

  @Test
  void refusesABodyThatIsTooLargeBeforeReadingIt() throws IOException {
    String answer =
        exchange(
            """
            POST /1/events/a HTTP/1.1\r
            Host: localhost:1\r
            Content-Length: 99999999999\r
            \r
            """);

    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    assertTrue(answer.contains("20,971,520 bytes"), answer);
  }

  @Test
  void refusesABodyThatGrowsTooLarge() throws IOException {
    try (Socket socket = connect(edge)) {
      write(
          socket,
          "POST /1/events/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      byte[] chunk = ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes(UTF_8);
      for (int i = 0; i <= Limits.BODY_BYTES >> 20; i++) {
        socket.getOutputStream().write(chunk);
      }
      assertTrue(firstLine(socket).contains("413"));
    }
  }

  @Test
  void stopsDecodingAtTheLimit() {
    byte[] bomb = Edge.gzip(new byte[Limits.BODY_BYTES * 5]);

    HttpResponse<byte[]> response =
        edge.send("POST", "/1/events/a", bomb, "Content-Encoding", "gzip");

    assertEquals(413, response.statusCode());
    assertTrue(Edge.text(response).contains("decoded from gzip"), Edge.text(response));
    awaitNothingHeld(bodies);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "snappy", "gzip, gzip"})
  void refusesAnEncodingItDoesNotKnow(String encoding) {
    HttpResponse<byte[]> response = edge.post("/1/events/a", "{}", "Content-Encoding", encoding);

    assertEquals(415, response.statusCode());
    assertTrue(Edge.text(response).contains(encoding), Edge.text(response));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "deflate"})
  void refusesABodyThatIsNotWhatItsEncodingSays(String encoding) {
    HttpResponse<byte[]> response =
        edge.post("/1/events/a", "{\"a\": 1}", "Content-Encoding", encoding);

    assertEquals(400, response.statusCode());
    assertTrue(Edge.text(response).contains(encoding), Edge.text(response));
  }

  @Test
  void hangsUpOnABodyThatTakesTooLong() throws IOException {
    BodyReader impatient = new BodyReader(SHORT_MILLIS);
    try (Edge hasty = new Edge(impatient)) {
      String answer =
          exchange(
              hasty, "POST /1/events/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{");

      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      awaitNothingHeld(impatient);
    }
  }

  @Test
  void asksForTheBodyThatAClientHoldsBack() throws IOException {
    String answer =
        exchange(
            """
            POST /1/events/a HTTP/1.1\r
            Host: localhost\r
            Content-Length: 9\r
            Expect: 100-continue\r
            \r
            """);

    assertTrue(answer.startsWith("HTTP/1.1 100"), answer);
  }

  @Test
  void tellsThatItLivesAndIsReady() {
    assertEquals(200, edge.get("/health/live").statusCode());
    HttpResponse<byte[]> ready = edge.get("/health/ready");
    assertEquals("ready", Edge.json(ready).get("status").asText());
    assertTrue(Edge.json(ready).at("/parts/store").asBoolean());
  }

  @Test
  void servesTheConsoleAndItsPages() {
    for (String path :
        List.of("/", "/incidents/42", "/traces/a.b.js", "/traces/%3Cimg%20x.y%3E", "/index.html")) {
      HttpResponse<byte[]> page = edge.get(path);
      assertEquals(200, page.statusCode(), path);
      assertTrue(Edge.text(page).contains("<title>"), path);
      assertEquals("no-cache", page.headers().firstValue("Cache-Control").orElseThrow());
    }
    HttpResponse<byte[]> script = edge.get("/assets/app-1a2b3c4d.js");
    assertEquals(
        "text/javascript; charset=utf-8",
        script.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(script.headers().firstValue("Cache-Control").orElseThrow().contains("immutable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/missing.js",
        "/..%2f..%2fpom.xml",
        "/%2e%2e/logback.xml",
        "/assets/../../x.html"
      })
  void servesNothingBesidesTheConsole(String path) throws IOException {
    String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%zz", "/api/v1/%"})
  void aPathThatIsNotWellFormedIsSaidToBe(String path) throws IOException {
    String answer = exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    assertTrue(answer.contains("the path is not well-formed"), answer);
  }

  @Test
  void setsTheHeadersThatKeepBrowsersSafe() {
    for (String path : List.of("/", "/api/v1/nothing", "/health/live")) {
      var headers = edge.get(path).headers();
      String policy = headers.firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.contains("script-src 'self';"), path);
      assertTrue(policy.contains("style-src 'self';"), path);
      assertTrue(policy.contains("default-src 'none';"), path);
      assertTrue(policy.contains("frame-ancestors 'none'"), path);
      assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""), path);
    }
  }

  @Test
  void refusesWhatAnotherSiteMakesABrowserSend() {
    HttpResponse<byte[]> foreign =
        edge.post("/1/events/a", "{\"a\": 1}", "Origin", "http://evil.example");
    HttpResponse<byte[]> own =
        edge.post("/1/events/a", "{\"a\": 1}", "Origin", edge.uri("").toString());

    assertEquals(403, foreign.statusCode());
    assertEquals(200, own.statusCode());
    assertEquals(1, edge.store.events("a").size());
  }

  @Test
  void servesLoopbackNamesOnlyWhileItIsOpen() throws IOException {
    String answer = exchange("GET /health/live HTTP/1.1\r\nHost: rebound.example\r\n\r\n");

    assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
  }

  @Test
  void asksForAKeyWithTheScope() {
    Access.Principal ci = Access.Principal.of("ci", "s3cret", Set.of(Scope.QUERY), false);
    Access.Principal app = Access.Principal.of("app", "s4cret", Set.of(Scope.INGEST), false);
    try (Edge closed = new Edge(ci, app)) {
      String event = "{\"a\": 1}";
      HttpResponse<byte[]> none = closed.post("/1/events/a", event);
      HttpResponse<byte[]> unknown = closed.post("/1/events/a", event, "X-Honeycomb-Team", "x");
      HttpResponse<byte[]> wrong =
          closed.post("/1/events/a", event, "Authorization", "Bearer s3cret");
      HttpResponse<byte[]> right = closed.post("/1/events/a", event, "X-Honeycomb-Team", "s4cret");
      HttpResponse<byte[]> bearer =
          closed.post("/1/events/a", event, "Authorization", "bearer s4cret");

      assertEquals(401, none.statusCode());
      assertEquals("Bearer", none.headers().firstValue("WWW-Authenticate").orElseThrow());
      assertEquals(401, unknown.statusCode());
      assertEquals(403, wrong.statusCode());
      assertTrue(Edge.text(wrong).contains("ci lacks the scope ingest"), Edge.text(wrong));
      assertEquals(200, right.statusCode());
      assertEquals(200, bearer.statusCode());
      assertEquals(
          "app", Edge.json(closed.get("/1/auth", "X-Honeycomb-Team", "s4cret")).get("id").asText());
      assertEquals(200, closed.get("/health/live").statusCode());
    }
  }

  @Test
  void saysThatThePortIsInUse() {
    Access open = new Access(List.of());
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () -> HttpService.start("127.0.0.1", List.of(edge.port()), open, List.of()));

    assertTrue(
        String.valueOf(failure.getMessage()).contains(edge.port() + ": the port is in use"),
        failure.getMessage());
  }

  /** The bytes are given back after the answer has gone out. */
  private static void awaitNothingHeld(BodyReader bodies) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (bodies.budget().held() > 0) {
      assertTrue(System.nanoTime() < deadline, "bytes still held: " + bodies.budget().held());
      LockSupport.parkNanos(1_000_000);
    }
  }

  private String exchange(String request) throws IOException {
    return exchange(edge, request);
  }

  private static String exchange(Edge edge, String request) throws IOException {
    try (Socket socket = connect(edge)) {
      write(socket, request);
      byte[] answer = new byte[4096];
      int n = socket.getInputStream().read(answer);
      return n < 0 ? "" : new String(answer, 0, n, UTF_8);
    }
  }

  private static Socket connect(Edge edge) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port());
    socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  private static String firstLine(Socket socket) throws IOException {
    byte[] answer = new byte[256];
    int n = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(n, 0), UTF_8).lines().findFirst().orElse("");
  }
}
