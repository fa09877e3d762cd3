package firebreak.eventstore;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A process that always does the same to a store: 500 events in some journal files, two seals and
 * the merge of what they wrote, an erasure, and old events dropped. It says each thing that is
 * acknowledged with a system call that it makes for nothing else.
 */
final class ScriptedProcess {
  static final int EVENTS = 500;
  static final int BATCH = 20;
  private static final int BEFORE_ERASING = 22;

  /** Events below this number are of the day before, and dropped at the end. */
  static final int OLD = 100;

  /** The event that is erased. */
  static final int ERASED = 333;

  static final String DROPPING = "dropping";
  static final String ERASING = "erasing";
  static final String ERASED_IT = "erased";
  static final String DROPPED = "dropped";
  static final String DONE = "done";
  static final String REFUSED = "refused";

  private static final FileChannel OUT = new FileOutputStream(FileDescriptor.out).getChannel();

  private ScriptedProcess() {}

  static Event event(long number) {
    Instant noon = EventStoreContract.NOON;
    Instant time = number < OLD ? noon.minus(Duration.ofDays(2)) : noon;
    return new Event(time.plusMillis(number), 1, Map.of("number", Value.of(number)));
  }

  static LuceneEventStore open(Path directory, StoreDisk disk) {
    return LuceneEventStore.open(
        directory,
        StoreSettings.defaults()
            .withSealRows(1_000)
            .withCheckInterval(Duration.ofHours(1))
            .withMerging(2, 10_000)
            .withJournalFileBytes(1_500)
            .withFreeBytes(0),
        disk);
  }

  /**
   * Plays the script.
   *
   * @param arguments the directory of the store, and after how many batches the first seal comes
   */
  public static void main(String[] arguments) {
    try (LuceneEventStore store = open(Path.of(arguments[0]), StoreDisk.FILES)) {
      play(store, Integer.parseInt(arguments[1]), ScriptedProcess::say);
    }
    say(DONE);
  }

  static void play(LuceneEventStore store, int firstSeal, Consumer<String> say) {
    for (int batch = 0; batch < BEFORE_ERASING; batch++) {
      say.accept(append(store, batch * BATCH));
      if (batch == firstSeal || batch == firstSeal + 3) {
        attempt(store::seal);
      }
    }
    say.accept(ERASING);
    Filter erased = new Filter.In("number", Set.of(Value.of(ERASED)));
    say.accept(attempt(() -> store.erase(Numbered.DATASET, erased)) ? ERASED_IT : REFUSED);
    for (int batch = BEFORE_ERASING; batch < EVENTS / BATCH; batch++) {
      say.accept(append(store, batch * BATCH)); // rows in memory, behind which no journal may go
    }
    say.accept(DROPPING);
    Instant oldest = EventStoreContract.NOON.minus(Duration.ofDays(1));
    say.accept(attempt(() -> store.retain(Numbered.DATASET, oldest)) ? DROPPED : REFUSED);
  }

  private static String append(EventStore store, int first) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      events.add(event(first + i));
    }
    boolean kept = attempt(() -> store.append(Numbered.DATASET, events, null));
    return kept ? Integer.toString(first) : REFUSED;
  }

  private static boolean attempt(Runnable step) {
    try {
      step.run();
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Says a line by a call of writev, which nothing else here makes. */
  private static void say(String line) {
    ByteBuffer[] bytes = {
      ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), ByteBuffer.wrap(new byte[] {'\n'})
    };
    try {
      long _ = OUT.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
