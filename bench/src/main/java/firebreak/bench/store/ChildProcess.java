package firebreak.bench.store;

import java.io.IOException;
import java.time.Duration;

/** A process of a peer, which ends when its input does. */
final class ChildProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ChildProcess() {}

  /** Ends its input and waits; kills it where that does not help. */
  static void end(Process process) throws IOException {
    process.getOutputStream().close();
    try {
      if (process.waitFor(PATIENCE)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
