package firebreak.flags;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks at a flag file now and then. */
final class FileWatch implements FlagWatch {
  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());
  static final Duration LOOKS_EVERY = Duration.ofMillis(500);

  private final FileChanges changes;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          look -> Thread.ofPlatform().daemon().name("flag-file").unstarted(look));

  FileWatch(Path path, FlagFormat format) {
    changes = new FileChanges(path, format);
    long every = LOOKS_EVERY.toMillis();
    var _ = looking.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private void look() {
    List<String> changed;
    try {
      changed = changes.changed();
    } catch (UncheckedIOException _) {
      return; // Being written just now, or gone; what has changed is told when it can be read
      // again.
    }
    for (String flag : changed) {
      listeners.forEach(listener -> tell(listener, flag));
    }
  }

  /** One that fails must not end the looking, nor keep the others from being told. */
  private static void tell(Consumer<String> listener, String flag) {
    try {
      listener.accept(flag);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "A change of the flag " + flag + " was not taken", e);
    }
  }

  @Override
  public void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
