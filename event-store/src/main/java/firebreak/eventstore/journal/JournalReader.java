package firebreak.eventstore.journal;

import firebreak.eventstore.journal.JournalFormat.Frame;
import firebreak.eventstore.journal.JournalFormat.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal after a crash: everything that was acknowledged, or an error that says what is
 * lost.
 *
 * <p>What was never forced may be torn: it was not acknowledged, or only as {@link
 * firebreak.eventstore.Durability#FAST}, and is dropped. Anything else that is missing was
 * acknowledged once. Renaming a damaged file to end in {@link #DAMAGED} tells the reader to take
 * from it what is left.
 */
public final class JournalReader {
  public static final String DAMAGED = ".damaged";

  /**
   * What was found.
   *
   * @param last the highest sequence number in use
   * @param fileNumber the highest number of a file
   */
  public record Replayed(long last, long fileNumber, List<Path> files) {}

  /** Is given what the journal holds, in the order of its numbers. */
  @FunctionalInterface
  public interface Sink {
    /** Takes a change whose first number is {@code sequence}. */
    void replay(long sequence, Change change) throws IOException;
  }

  private final Sink sink;
  private final long after;
  private long last;

  private JournalReader(long after, Sink sink) {
    this.after = after;
    this.sink = sink;
    last = after;
  }

  /** Shows every acknowledged change that is numbered above {@code after} to the sink. */
  public static Replayed replay(Path directory, long after, Sink sink) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(file -> file.toString().endsWith(Journal.SUFFIX) || isDamaged(file))
              .sorted()
              .toList();
    }
    JournalReader reader = new JournalReader(after, sink);
    long fileNumber = 0;
    Opened older = null;
    for (Path path : files) {
      fileNumber = Math.max(fileNumber, number(path));
      Opened file = open(path);
      if (file == null) {
        continue;
      }
      reader.readUpTo(file, older);
      older = file;
    }
    if (older != null) {
      reader.read(older, Long.MAX_VALUE);
    }
    return new Replayed(reader.last, fileNumber, files);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Opened(Path path, byte[] bytes, Header header) {
    long lastBefore() {
      return header.lastBefore();
    }
  }

  /** The file, or null where a crash came before its header was whole. */
  private static @Nullable Opened open(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    Header header = JournalFormat.readHeader(bytes);
    if (header != null && header.version() > JournalFormat.VERSION) {
      throw new IOException(
          "%s has the format version %d; this program reads %d"
              .formatted(path, header.version(), JournalFormat.VERSION));
    }
    if (header != null) {
      return new Opened(path, bytes, header);
    }
    Frame frame = JournalFormat.findFrame(bytes, 0, null);
    if (frame == null) {
      return null;
    }
    if (!isDamaged(path)) {
      throw damaged(path, 0, "nothing but the header");
    }
    Header lost = new Header(frame.version(), frame.first(), Long.MAX_VALUE, frame.secret());
    return new Opened(path, bytes, lost);
  }

  /** Reads the older file, which must hold everything up to where the younger one starts. */
  private void readUpTo(Opened younger, @Nullable Opened older) throws IOException {
    if (older != null) {
      read(older, younger.lastBefore());
    }
    if (younger.lastBefore() == Long.MAX_VALUE || younger.lastBefore() <= last) {
      return;
    }
    if (older == null || !isDamaged(older.path())) {
      Path path = older == null ? younger.path() : older.path();
      int length = older == null ? 0 : older.bytes().length;
      throw damaged(path, length, lost(last + 1, younger.lastBefore()));
    }
    last = younger.lastBefore();
  }

  /**
   * Reads one file.
   *
   * @param acknowledged the last number that was acknowledged on it; the highest of all where
   *     nothing but the file can tell
   */
  private void read(Opened file, long acknowledged) throws IOException {
    int offset = file.header().bytes();
    while (offset < file.bytes().length) {
      Frame frame = JournalFormat.readFrame(file.bytes(), offset);
      if (frame == null || !file.header().isOf(frame)) {
        frame = JournalFormat.findFrame(file.bytes(), offset + 1, file.header());
        if (frame != null && forcedBefore(frame) > last && !isDamaged(file.path())) {
          throw damaged(file.path(), offset, lost(last + 1, forcedBefore(frame)));
        }
      }
      if (frame == null || frame.first() > acknowledged) {
        return;
      }
      deliver(file.bytes(), frame);
      offset = frame.end();
    }
  }

  /** The last number before a frame that was once on disk. */
  private static long forcedBefore(Frame frame) {
    return Math.min(frame.forced(), frame.first() - 1);
  }

  private static String lost(long first, long last) {
    return "the events numbered %d to %d".formatted(first, last);
  }

  private void deliver(byte[] bytes, Frame frame) throws IOException {
    long sequence = frame.first();
    for (Change change :
        ChangeCodec.decode(bytes, frame.offset(), frame.length(), frame.version())) {
      if (sequence + change.numbers() - 1 > after) {
        sink.replay(sequence, change);
      }
      sequence += change.numbers();
    }
    last = Math.max(last, frame.last());
  }

  private static IOException damaged(Path path, int offset, String lost) {
    return new IOException(
        ("The journal file %s is damaged at byte %d: lost is %s. Restore it from a copy, or, to go"
                + " on with what is left, rename it to end in %s.")
            .formatted(path, offset, lost, DAMAGED));
  }

  private static boolean isDamaged(Path file) {
    return file.toString().endsWith(DAMAGED);
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name, 0, name.indexOf('.'), 10);
  }
}
