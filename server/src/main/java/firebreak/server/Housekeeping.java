package firebreak.server;

import firebreak.eventstore.PersistentEventStore;
import firebreak.eventstore.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the event store while the service runs: sees every few seconds how it is doing, drops
 * every hour what is older than its retention, and verifies all checksums at the start and once a
 * day. What fails is logged and tried again.
 *
 * <p>Firebreak's own history is not dropped: without it nobody could tell what changed when. A
 * clock that jumps ahead drops nothing for an hour, which is time to put it right.
 */
final class Housekeeping implements AutoCloseable {
  static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  static final Duration RETAIN_EVERY = Duration.ofHours(1);
  static final Duration SCRUB_EVERY = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final PersistentEventStore store;
  private final Config.Store settings;
  private final InstantSource clock;
  private final Thread keeper;
  private final Thread scrubber;
  private volatile boolean running = true;
  private volatile String trouble;

  Housekeeping(PersistentEventStore store, Config.Store settings, InstantSource clock) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    trouble = trouble(store.status(), freeAtLeast());
    keeper = Thread.ofVirtual().name("housekeeping").unstarted(this::keep);
    scrubber = Thread.ofPlatform().daemon().name("scrub").unstarted(this::scrub);
  }

  private long freeAtLeast() {
    return settings.settings().freeBytes();
  }

  void start() {
    keeper.start();
    scrubber.start();
  }

  private void keep() {
    SteadyClock steady = new SteadyClock(clock.instant(), System.nanoTime());
    Instant retainDue = clock.instant();
    while (running) {
      try {
        Instant now = clock.instant();
        if (!steady.agrees(now, System.nanoTime())) {
          LOG.warn("the clock of this machine jumped to {}; nothing is dropped for an hour", now);
          retainDue = now.plus(RETAIN_EVERY);
        } else if (!now.isBefore(retainDue)) {
          retainDue = now.plus(RETAIN_EVERY);
          retain(now);
        }
        trouble = trouble(store.status(), freeAtLeast());
      } catch (RuntimeException e) {
        LOG.error("looking after the event store failed; it is tried again", e);
      }
      if (!slept(LOOK_EVERY)) {
        return;
      }
    }
  }

  /** Drops what is older than the retention of its dataset. */
  void retain(Instant now) {
    for (String dataset : store.datasets().keySet()) {
      if (!dataset.startsWith(Datasets.RESERVED_PREFIX)) {
        Duration retention = settings.of(dataset).retention();
        long dropped = store.retain(dataset, now.minus(retention));
        if (dropped > 0) {
          LOG.info("dropped {} events of {} older than {}", dropped, dataset, retention);
        }
      }
    }
  }

  private void scrub() {
    while (running) {
      try {
        List<String> damaged = store.scrub();
        damaged.forEach(part -> LOG.error("{}", part));
      } catch (RuntimeException e) {
        if (running) {
          LOG.error("verifying the event store failed; it is tried again", e);
        }
      }
      if (!slept(SCRUB_EVERY)) {
        return;
      }
    }
  }

  private static boolean slept(Duration length) {
    try {
      Thread.sleep(length);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Why the store should get no more traffic, as of a moment ago; empty when it may. */
  String trouble() {
    return trouble;
  }

  /** What of the status keeps the store from being ready; empty when nothing does. */
  static String trouble(StoreStatus status, long freeAtLeast) {
    if (!status.damaged().isEmpty()) {
      return String.join(" ", status.damaged());
    }
    if (status.freeBytes() < freeAtLeast) {
      return "The disk has %d MiB left; events are taken again when it has %d MiB."
          .formatted(status.freeBytes() >> 20, freeAtLeast >> 20);
    }
    if (status.trouble() != null) {
      return status.trouble();
    }
    return status.refusedEvents() == 0
        ? ""
        : "%d events could not be kept; the log has why.".formatted(status.refusedEvents());
  }

  @Override
  public void close() {
    running = false;
    for (Thread thread : List.of(keeper, scrubber)) {
      if (!thread.isAlive()) {
        continue;
      }
      thread.interrupt();
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
