package firebreak.eventstore;

import java.io.IOException;
import java.util.List;

/** The tracer of system calls, with which a call can be made to fail or to be the last one. */
final class Strace {
  private Strace() {}

  /** Why it cannot be used here; empty when it can. */
  static String missing() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0 ? "" : "strace may not trace here";
    } catch (IOException e) {
      return "no strace";
    }
  }

  /** What stands before a command so that the n-th of these calls in each thread is injected. */
  static List<String> injecting(String calls, String what, int n) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + calls,
        "-e",
        "inject=%s:%s:when=%d".formatted(calls, what, n));
  }
}
