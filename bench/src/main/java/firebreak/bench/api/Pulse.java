package firebreak.bench.api;

import firebreak.bench.store.Latencies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Asks again and again whether the service lives, as a supervisor does, and tells it of an alert
 * each time, as Alertmanager does.
 */
final class Pulse implements AutoCloseable {
  private final Latencies answered = new Latencies();
  private final Latencies told = new Latencies();
  private final LongAdder missed = new LongAdder();
  private final int everyMillis;
  private final Thread thread;

  Pulse(int port, int everyMillis) {
    this.everyMillis = everyMillis;
    thread = Thread.ofPlatform().name("pulse").start(() -> ask(port));
  }

  private void ask(int port) {
    for (int number = 0; !Thread.currentThread().isInterrupted(); number++) {
      String alert = alert(number, Instant.now());
      exchange(port, answered, connection -> connection.get("/health/live"));
      exchange(
          port,
          told,
          connection ->
              connection.post(
                  "/webhooks/alertmanager",
                  "application/json",
                  alert.getBytes(StandardCharsets.UTF_8)));
      try {
        TimeUnit.MILLISECONDS.sleep(everyMillis);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static String alert(int number, Instant since) {
    return """
      {"version": "4", "groupKey": "bench", "status": "firing", "receiver": "firebreak",
       "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "",
       "alerts": [{"status": "firing", "labels": {"alertname": "bench", "number": "%1$d"},
         "annotations": {}, "startsAt": "%2$s", "endsAt": "0001-01-01T00:00:00Z",
         "generatorURL": "", "fingerprint": "%1$016x"}]}"""
        .formatted(number, since);
  }

  /** A question on a connection of its own. */
  private interface Exchange {
    Connection.Reply with(Connection connection) throws IOException;
  }

  private void exchange(int port, Latencies latencies, Exchange exchange) {
    long began = System.nanoTime();
    try (Connection connection = new Connection(port)) {
      if (exchange.with(connection).status() / 100 == 2) {
        latencies.add(System.nanoTime() - began);
      } else {
        missed.increment();
      }
    } catch (IOException e) {
      missed.increment();
    }
  }

  /** Whether it lives. */
  Latencies answered() {
    return answered;
  }

  /** The alerts that it has recorded. */
  Latencies told() {
    return told;
  }

  long missed() {
    return missed.sum();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
