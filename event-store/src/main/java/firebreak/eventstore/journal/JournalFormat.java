package firebreak.eventstore.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a journal file: a header, then one frame for each time the file was written to.
 *
 * <p>A frame tells how far the journal had been forced when it was begun. So a damaged frame that a
 * sound one behind it calls forced was once durable and acknowledged, and any other may be what a
 * crash has torn. Header and frame hold a checksum of their own fixed part, so that a length is
 * never believed unchecked.
 *
 * <p>Each file has a secret of its own, which its frames repeat. So an event whose text looks like
 * a frame is not taken for one when the real frame around it is torn.
 */
public final class JournalFormat {
  public static final int VERSION = 2;
  public static final int HEADER_BYTES = 4 + 4 + 8 + 8 + 8 + 4;
  public static final int FRAME_BYTES = 4 + 4 + 8 + 8 + 8 + 4 + 4 + 4;

  /** The version in which every frame was forced before the next one was begun. */
  static final int FORMER = 1;

  private static final int FORMER_HEADER_BYTES = HEADER_BYTES - 8;
  private static final int FORMER_FRAME_BYTES = FRAME_BYTES - 16;
  private static final int HEADER_MAGIC = 0x46424A4C;
  private static final int FORMER_FRAME_MAGIC = 0x46424652;
  private static final int FRAME_MAGIC = 0x46424653;

  private JournalFormat() {}

  /**
   * The start of a journal file.
   *
   * @param first the first sequence number that the file may hold
   * @param lastBefore the last one forced before it; what older files hold beyond it does not count
   * @param secret what its frames repeat
   */
  public record Header(int version, long first, long lastBefore, long secret) {
    int bytes() {
      return headerBytes(version);
    }

    /** Whether a frame is one of this file. */
    boolean isOf(Frame frame) {
      return frame.version() == version && frame.secret() == secret;
    }
  }

  /**
   * Changes with consecutive sequence numbers, by where their bytes lie in the file.
   *
   * @param forced the last number that was known to be on disk when the frame was begun
   */
  public record Frame(
      int version, long secret, long first, long forced, int numbers, int offset, int length) {
    long last() {
      return first + numbers - 1;
    }

    int end() {
      return offset + length;
    }
  }

  private static int headerBytes(int version) {
    return version == FORMER ? FORMER_HEADER_BYTES : HEADER_BYTES;
  }

  public static ByteBuffer header(long first, long lastBefore, long secret) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
    bytes.putInt(HEADER_MAGIC).putInt(VERSION).putLong(first).putLong(lastBefore).putLong(secret);
    return bytes.putInt(checksum(bytes.array(), 0, HEADER_BYTES - 4)).flip();
  }

  /** The header, or null where the bytes do not start with one. */
  public static @Nullable Header readHeader(byte[] file) {
    if (file.length < FORMER_HEADER_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int magic = bytes.getInt();
    int version = bytes.getInt();
    int length = headerBytes(version);
    if (magic != HEADER_MAGIC
        || file.length < length
        || bytes.getInt(length - 4) != checksum(file, 0, length - 4)) {
      return null;
    }
    long first = bytes.getLong();
    long lastBefore = bytes.getLong();
    return new Header(version, first, lastBefore, version == FORMER ? 0 : bytes.getLong());
  }

  public static ByteBuffer frame(
      long secret, long first, long forced, int numbers, List<byte[]> changes) {
    int length = changes.stream().mapToInt(change -> change.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_BYTES + length);
    bytes.putInt(FRAME_MAGIC).putInt(length);
    bytes.putLong(secret).putLong(first).putLong(forced).putInt(numbers);
    bytes.position(FRAME_BYTES);
    changes.forEach(bytes::put);
    bytes.putInt(FRAME_BYTES - 8, checksum(bytes.array(), FRAME_BYTES, length));
    bytes.putInt(FRAME_BYTES - 4, checksum(bytes.array(), 0, FRAME_BYTES - 4));
    return bytes.flip();
  }

  /** The frame that starts at an offset, or null where none that is whole and sound does. */
  public static @Nullable Frame readFrame(byte[] file, int offset) {
    if (file.length - offset < FORMER_FRAME_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file, offset, file.length - offset);
    int magic = bytes.getInt();
    boolean former = magic == FORMER_FRAME_MAGIC;
    int head = former ? FORMER_FRAME_BYTES : FRAME_BYTES;
    if ((!former && magic != FRAME_MAGIC)
        || bytes.remaining() < head - 4
        || bytes.getInt(offset + head - 4) != checksum(file, offset, head - 4)) {
      return null;
    }
    int length = bytes.getInt();
    int version = former ? FORMER : VERSION;
    long secret = former ? 0 : bytes.getLong();
    long first = bytes.getLong();
    long forced = former ? first - 1 : bytes.getLong();
    int numbers = bytes.getInt();
    Frame frame = new Frame(version, secret, first, forced, numbers, offset + head, length);
    return length >= 0
            && frame.offset() <= file.length - length
            && bytes.getInt() == checksum(file, frame.offset(), length)
        ? frame
        : null;
  }

  /**
   * The first sound frame at or after an offset, or null.
   *
   * @param header of which file the frame must be; null for any
   */
  public static @Nullable Frame findFrame(byte[] file, int offset, @Nullable Header header) {
    for (int at = offset; at <= file.length - FORMER_FRAME_BYTES; at++) {
      Frame frame = readFrame(file, at);
      if (frame != null && (header == null || header.isOf(frame))) {
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
