package firebreak.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.EventStore;
import firebreak.records.Records;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainIT {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), args);
  }

  private void assertOneLine(int code, String expected) {
    assertEquals(2, code, err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(err.toString().contains(expected), err.toString());
  }

  @Test
  void saysThatThePortIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertOneLine(
          run("serve", "--port", Integer.toString(port), "--data", folder.toString()),
          "cannot listen on 127.0.0.1:" + port + ": the port is in use");
    }
    EventStore.open(folder.resolve("events")).close();
  }

  @Test
  void verifiesTheAuditRecordWhereTheConfigurationSaysItLies() throws IOException {
    try (Records records = Records.open(folder.resolve("elsewhere.db"))) {
      records.audit().append(Instant.EPOCH, "guard", "sent", "", "", "{}");
    }
    Path config =
        Files.writeString(folder.resolve("firebreak.yaml"), "records: jdbc:sqlite:./elsewhere.db");
    assertEquals(0, run("audit", "verify", "--config", config.toString()), err::toString);
    assertTrue(out.toString().startsWith("1 records, all whole"), out.toString());
  }

  @Test
  void saysThatTheDataFolderIsLocked() {
    try (EventStore _ = EventStore.open(folder.resolve("events"))) {
      assertOneLine(run("serve", "--port", "0", "--data", folder.toString()), "locked");
    }
  }

  @Test
  void saysThatTheFlagFileCannotBeRead() throws IOException {
    Path config = folder.resolve("firebreak.yaml");
    Files.writeString(config, "flags: {file: ./nope.json}");

    assertOneLine(run("serve", "--config", config.toString()), "nope.json");
  }

  @Test
  void saysWhatIsWrongWithTheConfiguration() throws IOException {
    Path config = folder.resolve("firebreak.yaml");
    Files.writeString(config, "gard: {}");

    assertOneLine(run("serve", "--config", config.toString()), "did you mean 'guard'?");
  }

  @Test
  void saysThatThereIsNoSuchConfiguration() {
    assertOneLine(run("serve", "--config", folder + "/none.yaml"), "none.yaml");
  }

  @Test
  void checksAConfigurationWithoutStarting() throws IOException {
    Path config = folder.resolve("firebreak.yaml");
    Files.writeString(config, "data: ./d");

    assertEquals(0, run("serve", "--config", config.toString(), "--check"), err.toString());
    assertTrue(out.toString().contains("is good"), out.toString());
    assertTrue(Files.notExists(folder.resolve("d")));
  }

  @Test
  void explainsItself() {
    assertEquals(0, run("serve", "--help"));
    assertTrue(out.toString().contains("--config"), out.toString());
    assertEquals(0, run("--version"));
    assertEquals(2, run("serv"));
    assertTrue(err.toString().contains("serve"), err.toString());
  }

  @Test
  void answersWhatIsUnderWayAndStopsWhenToldTo() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "firebreak.server.Main",
                "serve",
                "--port",
                "0",
                "--data",
                folder.toString())
            .redirectError(folder.resolve("log").toFile())
            .start();
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      String first = String.valueOf(lines.readLine());
      assertTrue(first.startsWith("Firebreak listens on http://127.0.0.1:"), first + log());
      URI uri = URI.create(first.substring(first.indexOf("http")) + "/1/events/query-api");
      HttpRequest event =
          HttpRequest.newBuilder(uri)
              .POST(HttpRequest.BodyPublishers.ofString("{\"duration_ms\": 12}"))
              .build();
      assertEquals(200, client.send(event, HttpResponse.BodyHandlers.ofString()).statusCode());

      process.destroy();

      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still runs\n" + log());
      assertTrue(log().contains("Stopped"), log());
    } finally {
      process.destroyForcibly();
    }
    try (EventStore store = EventStore.open(folder.resolve("events"))) {
      assertEquals(Map.of("query-api", 1L), store.datasets());
    }
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }
}
