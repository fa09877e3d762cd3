package firebreak.bench.api;

import firebreak.bench.store.Latencies;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Asks again and again whether the service lives, as a supervisor does. */
final class Pulse implements AutoCloseable {
  private static final int EVERY_MILLIS = 200;

  private final Latencies answered = new Latencies();
  private final LongAdder missed = new LongAdder();
  private final Thread thread;

  Pulse(int port) {
    thread = Thread.ofPlatform().name("pulse").start(() -> ask(port));
  }

  private void ask(int port) {
    while (!Thread.currentThread().isInterrupted()) {
      long began = System.nanoTime();
      try (Connection connection = new Connection(port)) {
        if (connection.get("/health/live").status() == 200) {
          answered.add(System.nanoTime() - began);
        } else {
          missed.increment();
        }
      } catch (IOException e) {
        missed.increment();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  Latencies answered() {
    return answered;
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
