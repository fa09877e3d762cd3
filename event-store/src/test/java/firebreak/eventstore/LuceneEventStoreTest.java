package firebreak.eventstore;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class LuceneEventStoreTest extends EventStoreContract {
  @TempDir Path directory;
  private int opened;

  @Override
  EventStore open() {
    return EventStore.open(directory.resolve("store-" + opened++));
  }
}
