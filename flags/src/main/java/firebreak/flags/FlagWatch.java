package firebreak.flags;

import java.util.function.Consumer;

/** Tells of changes to flags, whoever makes them. */
public interface FlagWatch extends AutoCloseable {

  /** Calls with the key of each flag whose definition changes from now on. */
  void onChange(Consumer<String> listener);

  @Override
  void close();
}
