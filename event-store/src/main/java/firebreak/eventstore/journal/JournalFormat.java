package firebreak.eventstore.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a journal file: a header, then one frame for each time the file was forced.
 *
 * <p>Because a frame is begun only when the one before it is on disk, a damaged frame with a sound
 * one behind it was once durable and acknowledged, and one with nothing behind it may be the torn
 * end of a crash. Header and frame start with a checksum of their own fixed part, so that a length
 * is never believed unchecked.
 */
public final class JournalFormat {
  public static final int VERSION = 1;
  public static final int HEADER_BYTES = 4 + 4 + 8 + 8 + 4;
  public static final int FRAME_BYTES = 4 + 4 + 8 + 4 + 4 + 4;

  private static final int HEADER_MAGIC = 0x46424A4C;
  private static final int FRAME_MAGIC = 0x46424652;

  private JournalFormat() {}

  /**
   * The start of a journal file.
   *
   * @param first the first sequence number that the file may hold
   * @param lastBefore the last one acknowledged before it; what older files hold beyond it never
   *     was
   */
  public record Header(int version, long first, long lastBefore) {}

  /** Events with consecutive sequence numbers, by where their bytes lie in the file. */
  public record Frame(long first, int events, int offset, int length) {
    long last() {
      return first + events - 1;
    }

    int end() {
      return offset + length;
    }
  }

  public static ByteBuffer header(long first, long lastBefore) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
    bytes.putInt(HEADER_MAGIC).putInt(VERSION).putLong(first).putLong(lastBefore);
    return bytes.putInt(checksum(bytes.array(), 0, HEADER_BYTES - 4)).flip();
  }

  /** The header, or null where the bytes do not start with one. */
  public static @Nullable Header readHeader(byte[] file) {
    if (file.length < HEADER_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (bytes.getInt() != HEADER_MAGIC
        || bytes.getInt(HEADER_BYTES - 4) != checksum(file, 0, HEADER_BYTES - 4)) {
      return null;
    }
    return new Header(bytes.getInt(), bytes.getLong(), bytes.getLong());
  }

  public static ByteBuffer frame(long first, int events, List<byte[]> batches) {
    int length = batches.stream().mapToInt(batch -> batch.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_BYTES + length);
    bytes.putInt(FRAME_MAGIC).putInt(length).putLong(first).putInt(events);
    bytes.position(FRAME_BYTES);
    batches.forEach(bytes::put);
    bytes.putInt(FRAME_BYTES - 8, checksum(bytes.array(), FRAME_BYTES, length));
    bytes.putInt(FRAME_BYTES - 4, checksum(bytes.array(), 0, FRAME_BYTES - 4));
    return bytes.flip();
  }

  /** The frame that starts at an offset, or null where none that is whole and sound does. */
  public static @Nullable Frame readFrame(byte[] file, int offset) {
    if (file.length - offset < FRAME_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file, offset, FRAME_BYTES);
    if (bytes.getInt() != FRAME_MAGIC
        || bytes.getInt(offset + FRAME_BYTES - 4) != checksum(file, offset, FRAME_BYTES - 4)) {
      return null;
    }
    int length = bytes.getInt();
    Frame frame = new Frame(bytes.getLong(), bytes.getInt(), offset + FRAME_BYTES, length);
    return frame.offset() <= file.length - length
            && bytes.getInt() == checksum(file, frame.offset(), length)
        ? frame
        : null;
  }

  /** The first sound frame at or after an offset, or null. */
  public static @Nullable Frame findFrame(byte[] file, int offset) {
    for (int at = offset; at <= file.length - FRAME_BYTES; at++) {
      Frame frame = readFrame(file, at);
      if (frame != null) {
        return frame;
      }
    }
    return null;
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }
}
