package firebreak.server;

import firebreak.sim.Simulation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A simulation that plays on a thread of its own until it is over or the test is. */
final class Performance implements AutoCloseable {
  private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean stopping;

  Performance(Simulation simulation) {
    thread =
        Thread.ofPlatform()
            .name("simulation")
            .start(
                () -> {
                  try {
                    simulation.play();
                  } catch (IOException | InterruptedException | RuntimeException e) {
                    if (!stopping) {
                      trouble.set(e);
                    }
                  }
                });
  }

  /** Fails when the simulation has: then no answer of the service means anything. */
  void check() {
    Throwable cause = trouble.get();
    if (cause != null) {
      throw new AssertionError("the simulation failed", cause);
    }
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(20));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
