package firebreak.server;

import firebreak.guard.Guard;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guard's own thread: one round every second, whatever comes in. A round that fails is logged,
 * and the next one goes on.
 */
final class Patrol implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(1);

  /** How often flags are looked at in case a notice was missed. */
  private static final Duration LOOK_AT_FLAGS_EVERY = Duration.ofSeconds(30);

  private static final Duration LATE_AFTER = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Patrol.class);

  private final Guard guard;
  private final FlagTimeline flags;
  private final Objectives slos;
  private final BurnAlertWatch burnAlerts;
  private final Live live;
  private final Runnable keepRoom;
  private final InstantSource clock;
  private final Thread thread;
  private volatile boolean running = true;
  private volatile Instant lastRound = Instant.EPOCH;

  /**
   * A patrol that has not started.
   *
   * @param keepRoom sees to it that what the guard does can be written down
   */
  Patrol(
      Guard guard,
      FlagTimeline flags,
      Objectives slos,
      BurnAlertWatch burnAlerts,
      Live live,
      Runnable keepRoom,
      InstantSource clock) {
    this.guard = guard;
    this.flags = flags;
    this.slos = slos;
    this.burnAlerts = burnAlerts;
    this.live = live;
    this.keepRoom = keepRoom;
    this.clock = clock;
    thread = Thread.ofVirtual().name("patrol").unstarted(this::rounds);
  }

  /**
   * Starts patrolling; once everything else has started, so that a failed start acts on nothing.
   */
  void start() {
    thread.start();
  }

  private void rounds() {
    ClockWatch steps = new ClockWatch();
    Instant flagsDue = clock.instant().plus(LOOK_AT_FLAGS_EVERY);
    while (running) {
      Instant now = clock.instant();
      try {
        if (steps.isSet(now, System.nanoTime())) {
          LOG.warn("the clock was set to {}; the guard does nothing by itself for a while", now);
          guard.noticeClockStep(now);
        }
        if (!now.isBefore(flagsDue)) {
          flagsDue = now.plus(LOOK_AT_FLAGS_EVERY);
          flags.observeAll(now);
        }
        reloadObjectives();
        keepRoom.run();
        guard.patrol(now);
        lastRound = now;
        live.tick();
      } catch (RuntimeException e) {
        LOG.error("a round of the patrol failed; the next goes on", e);
      }
      lookAtBurnAlerts(now);
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** After what may act, and whether or not it failed. */
  private void lookAtBurnAlerts(Instant now) {
    try {
      burnAlerts.look(now);
    } catch (RuntimeException e) {
      LOG.error("burn alerts cannot be looked at; the next round goes on", e);
    }
  }

  /** A folder that cannot be read changes nothing and keeps nothing from going on. */
  private void reloadObjectives() {
    try {
      slos.reloadIfFree();
    } catch (UncheckedIOException e) {
      LOG.warn("the objectives cannot be read: {}; nothing is changed", e.getMessage());
    }
  }

  /** Why it does not patrol; empty when a round has succeeded lately. */
  String trouble() {
    Duration since = Duration.between(lastRound, clock.instant());
    return since.compareTo(LATE_AFTER) < 0 ? "" : "no round has succeeded for " + since;
  }

  @Override
  public void close() {
    running = false;
    if (!thread.isAlive()) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
