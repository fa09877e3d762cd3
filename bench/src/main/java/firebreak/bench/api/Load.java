package firebreak.bench.api;

import firebreak.bench.store.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many connections that send bodies of one kind for a while, and what became of each request.
 * Bounded in time, in connections and in requests.
 */
final class Load {
  private static final int PAUSE_MILLIS = 5;

  /** So much of what it is late by a connection makes up for, in nanoseconds. */
  private static final double MADE_UP = 1e9;

  private final int port;
  private final Wire wire;
  private final Bodies bodies;
  private final ConcurrentSkipListSet<Integer> accepted = new ConcurrentSkipListSet<>();
  private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
  private final LongAdder withoutRetryAfter = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final Latencies acknowledged = new Latencies();
  private final Latencies turnedDown = new Latencies();
  private double seconds = Double.NaN;

  Load(int port, Wire wire, Bodies bodies) {
    this.port = port;
    this.wire = wire;
    this.bodies = bodies;
  }

  /** As fast as answers come. */
  Load flatOut(int connections, Duration time) throws InterruptedException {
    return run(connections, time, 0);
  }

  /**
   * So many requests a second, whatever is answered and however late. Fewer are sent where all
   * connections wait for an answer for long, or the machine is no quicker: what counts is {@link
   * #requestsPerSecond}.
   */
  Load paced(double requestsPerSecond, int connections, Duration time) throws InterruptedException {
    return run(connections, time, connections / requestsPerSecond * 1e9);
  }

  /**
   * @param interval between two requests of a connection, in nanoseconds
   */
  private Load run(int connections, Duration time, double interval) throws InterruptedException {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        long first = start + (long) (interval * i / connections);
        senders.add(threads.submit(() -> send(first, end, interval)));
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a sender failed", e.getCause());
    }
    seconds = (System.nanoTime() - start) / 1e9;
    return this;
  }

  private void send(long first, long end, double interval) {
    @Nullable Connection connection = null;
    Bodies.@Nullable Numbered body = null;
    double due = (double) first;
    while (System.nanoTime() < end) {
      body = body == null ? bodies.next() : body;
      if (body == null) {
        break;
      }
      waitUntil((long) due);
      due = Math.max(due + interval, System.nanoTime() - MADE_UP);
      try {
        if (connection == null) {
          connection = new Connection(port);
        }
        body = isAccepted(connection, body) ? null : body;
        if (connection.isClosing()) {
          connection = closed(connection);
        }
      } catch (IOException e) {
        cut.increment();
        body = null;
        connection = closed(connection);
        waitUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
      }
    }
    if (body != null) {
      bodies.takeBack(body);
    }
    closed(connection);
  }

  private boolean isAccepted(Connection connection, Bodies.Numbered body) throws IOException {
    long began = System.nanoTime();
    sent.increment();
    Connection.Reply reply =
        connection.post(wire.path(), wire.contentType(), bodies.compressed(), body.bytes());
    long took = System.nanoTime() - began;
    if (reply.status() == 200) {
      accepted.add(body.number());
      acknowledged.add(took);
      return true;
    }
    refused.computeIfAbsent(reply.status(), _ -> new LongAdder()).increment();
    if (!reply.hasRetryAfter()) {
      withoutRetryAfter.increment();
    }
    turnedDown.add(took);
    return false;
  }

  private static @Nullable Connection closed(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    }
    return null;
  }

  private static void waitUntil(long due) {
    long left = due - System.nanoTime();
    if (left > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The numbers of the requests that were answered with 200. */
  List<Integer> accepted() {
    return List.copyOf(accepted);
  }

  /** How many were turned down, by status. */
  Map<Integer, Long> refused() {
    Map<Integer, Long> counts = new ConcurrentSkipListMap<>();
    refused.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }

  long withoutRetryAfter() {
    return withoutRetryAfter.sum();
  }

  /** Requests without an answer: nobody knows whether their events were taken. */
  long cut() {
    return cut.sum();
  }

  double requestsPerSecond() {
    return sent.sum() / seconds;
  }

  double acceptedPerSecond() {
    return accepted.size() / seconds;
  }

  Latencies acknowledged() {
    return acknowledged;
  }

  Latencies turnedDown() {
    return turnedDown;
  }
}
