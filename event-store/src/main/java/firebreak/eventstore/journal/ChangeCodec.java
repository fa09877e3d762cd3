package firebreak.eventstore.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a change in the journal. */
public final class ChangeCodec {
  private static final byte BATCH = 1;
  private static final byte ERASURE = 2;
  private static final int ERASURE_BYTES = 256;

  private ChangeCodec() {}

  public static byte[] encode(Change change) {
    return switch (change) {
      case Change.Batch batch -> {
        ByteWriter out = new ByteWriter(EventCodec.expectedBytes(batch));
        out.writeByte(BATCH);
        EventCodec.write(out, batch);
        yield out.toArray();
      }
      case Change.Erasure erasure -> {
        ByteWriter out = new ByteWriter(ERASURE_BYTES);
        out.writeByte(ERASURE);
        out.writeText(erasure.dataset());
        FilterCodec.write(out, erasure.filter());
        yield out.toArray();
      }
    };
  }

  /** Reads what {@link #encode} wrote from {@code offset} on, as often as it is there. */
  public static List<Change> decode(byte[] bytes, int offset, int length) throws IOException {
    return decode(bytes, offset, length, JournalFormat.VERSION);
  }

  static List<Change> decode(byte[] bytes, int offset, int length, int version) throws IOException {
    ByteReader in = new ByteReader(bytes, offset, length);
    List<Change> changes = new ArrayList<>();
    try {
      while (in.hasMore()) {
        changes.add(version == JournalFormat.FORMER ? FormerCodec.read(in) : read(in));
      }
    } catch (RuntimeException e) {
      throw new IOException("a journal entry cannot be understood", e);
    }
    return changes;
  }

  private static Change read(ByteReader in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case BATCH -> EventCodec.read(in);
      case ERASURE -> new Change.Erasure(in.readText(), FilterCodec.read(in));
      default -> throw new IOException("a journal entry has the unknown kind " + kind);
    };
  }
}
