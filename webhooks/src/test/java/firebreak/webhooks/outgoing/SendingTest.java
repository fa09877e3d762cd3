package firebreak.webhooks.outgoing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.webhooks.outgoing.Sending.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sending to a real server on loopback that fails, hangs, and answers late. */
class SendingTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  /** Enough for any answer that comes, however busy the machine is. */
  private static final Duration TIME = Duration.ofSeconds(30);

  /** For answers that do not come. */
  private static final Duration SHORT = Duration.ofMillis(700);

  private static Message message(@Nullable Instant endsAt) {
    return new Message(
        "m1/applied",
        "i1",
        Message.Severity.CRITICAL,
        "Queries burn <fast> & long",
        List.of("What burns: queries.", "What did it: build 8812.", "Done: retail is off."),
        "https://fb.example/incidents/i1",
        Map.of("slo", "query-api-fast", "service", "query-api"),
        NOW,
        endsAt);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Sending sending(Receiver receiver) {
    return sending(receiver, TIME);
  }

  private static Sending sending(Receiver receiver, Duration time) {
    return new Sending(
        new Reach(List.of("127.0.0.1:" + receiver.port()), InetAddress::getAllByName), time);
  }

  private static Outcome send(Receiver receiver, Destination destination) {
    return sending(receiver).send(destination, message(null), NOW);
  }

  private static JsonNode body(Receiver receiver) throws Exception {
    return new ObjectMapper().readTree(receiver.requests().getFirst().body());
  }

  @Test
  void aWebhookIsSignedAndCarriesItsKey() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.answering(204))) {
      assertEquals(
          new Outcome.Delivered(204),
          send(
              receiver,
              new Destination.Webhook(
                  receiver.uri("/hook?x=1"), "s3cret", Map.of("Authorization", "Bearer t"))));
      Receiver.Request request = receiver.requests().getFirst();
      assertEquals("POST /hook?x=1 HTTP/1.1", request.line());
      assertEquals("m1/applied", request.headers().get("idempotency-key"));
      assertEquals("Bearer t", request.headers().get("authorization"));
      assertEquals("127.0.0.1:" + receiver.port(), request.headers().get("host"));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes("s3cret"), "HmacSHA256"));
      byte[] signed =
          mac.doFinal(bytes("m1/applied." + NOW.getEpochSecond() + "." + request.body()));
      assertEquals(
          "v1," + Base64.getEncoder().encodeToString(signed),
          request.headers().get("webhook-signature"));
      assertEquals("burning", body(receiver).path("state").asText());
      assertEquals("What did it: build 8812.", body(receiver).path("lines").path(1).asText());
    }
  }

  @Test
  void slackIsToldInItsMarkup() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.answering(200))) {
      send(receiver, new Destination.Slack(receiver.uri("/services/T/B/x")));
      assertEquals(
          "*Queries burn &lt;fast&gt; &amp; long*\nWhat burns: queries.\nWhat did it: build"
              + " 8812.\nDone: retail is off.\n<https://fb.example/incidents/i1|Look and act>",
          body(receiver).path("text").asText());
    }
  }

  @Test
  void pagerDutyIsTriggeredAndResolvedUnderOneKey() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.answering(202))) {
      Destination pager = new Destination.PagerDuty(receiver.uri("/v2/enqueue"), "key");
      send(receiver, pager);
      sending(receiver).send(pager, message(NOW.plusSeconds(60)), NOW);
      JsonNode first = body(receiver);
      assertEquals("key", first.path("routing_key").asText());
      assertEquals("trigger", first.path("event_action").asText());
      assertEquals("i1", first.path("dedup_key").asText());
      assertEquals("critical", first.path("payload").path("severity").asText());
      assertEquals("query-api", first.path("payload").path("source").asText());
      assertEquals(
          "https://fb.example/incidents/i1", first.path("links").path(0).path("href").asText());
      JsonNode second = new ObjectMapper().readTree(receiver.requests().get(1).body());
      assertEquals("resolve", second.path("event_action").asText());
      assertEquals("i1", second.path("dedup_key").asText());
    }
  }

  @Test
  void whatTakesAlertmanagersWebhooksTakesOurs() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.answering(200))) {
      Destination destination = new Destination.Alertmanager(receiver.uri("/hook"));
      send(receiver, destination);
      sending(receiver).send(destination, message(NOW.plusSeconds(60)), NOW);
      JsonNode firing = body(receiver);
      assertEquals("4", firing.path("version").asText());
      assertEquals("firing", firing.path("status").asText());
      JsonNode alert = firing.path("alerts").path(0);
      assertEquals("query-api-fast", alert.path("labels").path("slo").asText());
      assertEquals("0001-01-01T00:00:00Z", alert.path("endsAt").asText());
      assertTrue(alert.path("fingerprint").asText().matches("[0-9a-f]{16}"));
      JsonNode resolved = new ObjectMapper().readTree(receiver.requests().get(1).body());
      assertEquals("resolved", resolved.path("alerts").path(0).path("status").asText());
      assertEquals(firing.path("groupKey"), resolved.path("groupKey"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, true",
    "502, true",
    "503, true",
    "429, true",
    "408, true",
    "404, true",
    "401, true",
    "400, false",
    "413, false",
    "410, false",
    "301, true",
    "302, true"
  })
  void anAnswerThatIsNoSuccessIsAFailure(int status, boolean retry) {
    try (Receiver receiver = new Receiver(Receiver.answering(status))) {
      Outcome.Failed failed =
          assertInstanceOf(
              Outcome.Failed.class, send(receiver, new Destination.Slack(receiver.uri("/"))));
      assertEquals(retry, failed.retry());
      assertTrue(failed.why().contains(Integer.toString(status)), failed.why());
    }
  }

  @Test
  void aRedirectLeadsNowhere() {
    try (Receiver inside = new Receiver(Receiver.answering(200));
        Receiver receiver =
            new Receiver(Receiver.answering(307, "Location: " + inside.uri("/secret")))) {
      assertInstanceOf(
          Outcome.Failed.class, send(receiver, new Destination.Slack(receiver.uri("/"))));
      assertEquals(List.of(), inside.requests());
    }
  }

  @Test
  void aReceiverMayAskToBeLeftAlone() {
    try (Receiver receiver = new Receiver(Receiver.answering(429, "Retry-After: 30"))) {
      assertEquals(
          new Outcome.Failed("was answered 429", true, Duration.ofSeconds(30)),
          send(receiver, new Destination.Slack(receiver.uri("/"))));
    }
    try (Receiver receiver = new Receiver(Receiver.answering(503, "retry-after: 999999999"))) {
      Outcome.Failed failed =
          assertInstanceOf(
              Outcome.Failed.class, send(receiver, new Destination.Slack(receiver.uri("/"))));
      assertEquals(Duration.ofHours(1), failed.after());
    }
  }

  private static void endsInTime(Receiver.Behaviour behaviour) {
    try (Receiver receiver = new Receiver(behaviour)) {
      long start = System.nanoTime();
      Destination destination = new Destination.Slack(receiver.uri("/"));
      Outcome.Failed failed =
          assertInstanceOf(
              Outcome.Failed.class, sending(receiver, SHORT).send(destination, message(null), NOW));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(failed.retry());
      assertTrue(took.compareTo(TIME) < 0, "took " + took);
    }
  }

  @Test
  void aReceiverThatHangsIsLeftInTime() {
    endsInTime((_, _) -> Thread.sleep(Duration.ofMinutes(1)));
  }

  @Test
  void anAnswerDropByDropIsLeftInTime() {
    endsInTime(
        (_, connection) -> {
          for (char each : Receiver.head(200).repeat(20).toCharArray()) {
            Receiver.write(connection, Character.toString(each));
            Thread.sleep(100);
          }
        });
  }

  @Test
  void anEndlessHeadIsLeftInTime() {
    endsInTime(
        (_, connection) -> {
          Receiver.write(connection, "HTTP/1.1 200 OK\r\n");
          while (true) {
            Receiver.write(connection, "X: " + "y".repeat(1_000) + "\r\n");
          }
        });
  }

  @Test
  void whatIsNoHttpAndWhatClosesIsAFailure() {
    endsInTime((_, connection) -> Receiver.write(connection, "220 mail.example ESMTP\r\n"));
    endsInTime((_, connection) -> connection.close());
  }

  @Test
  void nobodyListeningIsAFailureThatMayPass() {
    Receiver receiver = new Receiver(Receiver.answering(200));
    Sending sending = sending(receiver);
    receiver.close();
    Outcome.Failed failed =
        assertInstanceOf(
            Outcome.Failed.class,
            sending.send(new Destination.Slack(receiver.uri("/")), message(null), NOW));
    assertTrue(failed.retry());
  }

  @Test
  void whatMayNotBeReachedIsNotConnectedTo() {
    try (Receiver receiver = new Receiver(Receiver.answering(200))) {
      Sending sending = new Sending(new Reach(List.of(), InetAddress::getAllByName), TIME);
      Outcome.Failed failed =
          assertInstanceOf(
              Outcome.Failed.class,
              sending.send(new Destination.Slack(receiver.uri("/")), message(null), NOW));
      assertFalse(failed.retry());
      assertTrue(failed.why().contains("outgoing.allow"), failed.why());
      assertEquals(List.of(), receiver.requests());
    }
  }

  @Test
  void noLineOfAHeaderEndsAnother() {
    try (Receiver receiver = new Receiver(Receiver.answering(200))) {
      assertInstanceOf(
          Outcome.Failed.class,
          send(
              receiver,
              new Destination.Webhook(receiver.uri("/"), "", Map.of("X", "a\r\nHost: evil"))));
      assertEquals(List.of(), receiver.requests());
    }
  }

  @Test
  void aReceiversOwnHeadersDoNotChangeTheRequest() {
    try (Receiver receiver = new Receiver(Receiver.answering(200))) {
      for (String name : List.of("Host", "content-length", "Transfer-Encoding", "Connection")) {
        assertInstanceOf(
            Outcome.Failed.class,
            send(receiver, new Destination.Webhook(receiver.uri("/"), "", Map.of(name, "0"))));
      }
      assertEquals(List.of(), receiver.requests());
    }
  }

  @Test
  void noTextShowsAnAddressOrASecret() {
    for (Destination destination :
        List.of(
            new Destination.Slack(URI.create("https://hooks.example/canary")),
            new Destination.PagerDuty(Destination.PagerDuty.USUAL, "canary"),
            new Destination.Alertmanager(URI.create("https://canary.example/")),
            new Destination.Webhook(URI.create("https://x.example/canary"), "canary", Map.of()))) {
      assertFalse(destination.toString().contains("canary"), destination.getClass().toString());
    }
  }

  @Test
  void overTlsTheCertificateMustBeTrustedAndOfTheHost(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key.p12");
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "receiver",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, made.waitFor(), output);
    SSLContext context = context(file);
    try (Receiver receiver =
        new Receiver(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            Receiver.answering(200))) {
      Reach reach =
          new Reach(
              List.of("localhost", "127.0.0.1"),
              _ -> new InetAddress[] {InetAddress.getLoopbackAddress()});
      Duration time = Duration.ofSeconds(10);
      Sending trusting = new Sending(reach, time, context.getSocketFactory());
      Destination right =
          new Destination.Slack(URI.create("https://localhost:%d/".formatted(receiver.port())));
      Destination wrong =
          new Destination.Slack(URI.create("https://127.0.0.1:%d/".formatted(receiver.port())));
      assertEquals(new Outcome.Delivered(200), trusting.send(right, message(null), NOW));
      assertInstanceOf(Outcome.Failed.class, trusting.send(wrong, message(null), NOW));
      assertInstanceOf(
          Outcome.Failed.class, new Sending(reach, time).send(right, message(null), NOW));
      assertEquals(1, receiver.requests().size());
    }
  }

  private static SSLContext context(Path file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "password".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "password".toCharArray());
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }
}
