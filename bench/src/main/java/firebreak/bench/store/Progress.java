package firebreak.bench.store;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** Says on the error output how far a long step is: on a terminal in place, else in tenths. */
final class Progress implements IntConsumer {
  private static final boolean TERMINAL =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

  private final PrintStream out;
  private final String step;
  private final long all;
  private final AtomicLong done = new AtomicLong();

  Progress(PrintStream out, String step, long all) {
    this.out = out;
    this.step = step;
    this.all = all;
  }

  @Override
  public void accept(int more) {
    reach(done.addAndGet(more), more);
  }

  /** Sets how much is done. */
  void at(long reached) {
    long before = done.getAndSet(reached);
    reach(reached, reached - before);
  }

  private void reach(long reached, long more) {
    long parts = TERMINAL ? 100 : 10;
    long part = reached * parts / all;
    if (part != (reached - more) * parts / all) {
      out.printf(TERMINAL ? "\r%s: %d %% " : "%s: %d %%%n", step, part * 100 / parts);
    }
  }

  void end() {
    if (TERMINAL) {
      out.printf("\r%" + (step.length() + 8) + "s\r", "");
    }
  }
}
