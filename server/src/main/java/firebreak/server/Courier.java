package firebreak.server;

import firebreak.records.Notice;
import firebreak.records.Outbox;
import firebreak.webhooks.outgoing.Sending;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what lies in the outbox to its destinations, each at its own pace: one that is dead or slow
 * delays no other, and nothing waits for any of them. A notice is tried again, ever more rarely,
 * until it is delivered or a day old.
 */
final class Courier implements AutoCloseable {
  static final Duration EVERY = Duration.ofMillis(500);
  static final Duration GIVES_UP_AFTER = Duration.ofDays(1);

  /** How many notices may be on their way to one destination. */
  private static final int AT_A_TIME = 4;

  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
  private static final int DOUBLINGS = 9;

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Outbox outbox;
  private final Carrier carrier;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("courier-", 0).factory());
  private final Thread thread = Thread.ofVirtual().name("courier").unstarted(this::rounds);
  private volatile boolean running = true;

  /** Makes one attempt to bring a notice to its destination. */
  @FunctionalInterface
  interface Carrier {
    Sending.Outcome carry(Notice.Waiting waiting, Instant now);
  }

  Courier(Outbox outbox, Carrier carrier, InstantSource clock, RandomGenerator random) {
    this.outbox = outbox;
    this.carrier = carrier;
    this.clock = clock;
    this.random = random;
  }

  void start() {
    thread.start();
  }

  private void rounds() {
    while (running) {
      try {
        setOut();
      } catch (RuntimeException e) {
        LOG.error("notices cannot be read; the next round goes on", e);
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Starts with everything that is due, and waits for nothing. */
  void setOut() {
    Instant now = clock.instant();
    for (String name : outbox.destinations()) {
      Semaphore free = permits.computeIfAbsent(name, _ -> new Semaphore(AT_A_TIME));
      for (Notice.Waiting waiting : outbox.due(name, now, AT_A_TIME)) {
        if (underWay.contains(waiting.notice().id()) || !free.tryAcquire()) {
          continue;
        }
        underWay.add(waiting.notice().id());
        threads.execute(
            () -> {
              try {
                deliver(waiting);
              } catch (RuntimeException e) {
                LOG.error("what became of a notice cannot be written down; it goes out again", e);
              } finally {
                underWay.remove(waiting.notice().id());
                free.release();
              }
            });
      }
    }
  }

  private void deliver(Notice.Waiting waiting) {
    Notice notice = waiting.notice();
    Sending.Outcome outcome = carrier.carry(waiting, clock.instant());
    switch (outcome) {
      case Sending.Outcome.Delivered _ -> outbox.delivered(notice.id());
      case Sending.Outcome.Failed(String why, boolean retry, Duration after) -> {
        Instant now = clock.instant();
        boolean isOld = waiting.writtenAt().plus(GIVES_UP_AFTER).isBefore(now);
        if (retry && !isOld) {
          outbox.failed(notice.id(), why, now.plus(delay(waiting.attempts(), after)));
        } else {
          giveUp(notice, why);
        }
      }
    }
  }

  private void giveUp(Notice notice, String why) {
    LOG.warn("{} is not told {}: {}", notice.destination(), notice.id(), why);
    outbox.givenUp(notice.id(), why);
  }

  /** Doubles with each attempt, give or take a half, so that many do not come back together. */
  private Duration delay(int attempts, Duration wished) {
    Duration doubled = FIRST_DELAY.multipliedBy(1L << Math.min(attempts, DOUBLINGS));
    Duration longest = doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
    Duration delay = Duration.ofMillis((long) (longest.toMillis() * (0.5 + random.nextDouble())));
    return delay.compareTo(wished) > 0 ? delay : wished;
  }

  /** What is under way is not waited for: it goes out again after the next start. */
  @Override
  public void close() {
    running = false;
    thread.interrupt();
    threads.shutdownNow();
  }
}
