package firebreak.bench.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that are to be sent, each with a number of its own. They can be made beforehand, so
 * that making them takes no processor while something is measured. One that was refused is sent
 * again, as clients do.
 */
final class Bodies {
  private static final int MADE_AT_MOST = 10_000_000;

  private final Body body;
  private final boolean compressed;
  private final AtomicInteger numbers;
  private final ConcurrentLinkedQueue<Numbered> ready = new ConcurrentLinkedQueue<>();

  /** What is sent, and the number that its events have. */
  @SuppressWarnings("ArrayRecordComponent")
  record Numbered(int number, byte[] bytes) {}

  /**
   * @param compressed with gzip, at the level that costs its sender least
   * @param numbers gives each request its number
   */
  Bodies(Body body, boolean compressed, AtomicInteger numbers) {
    this.body = body;
    this.compressed = compressed;
    this.numbers = numbers;
  }

  boolean compressed() {
    return compressed;
  }

  /** Makes so many, for later. */
  void makeBeforehand(int count) {
    for (int i = 0; i < count; i++) {
      ready.add(make(numbers.getAndIncrement()));
    }
  }

  /** One that nobody else sends; null after very many. */
  @Nullable Numbered next() {
    @Nullable Numbered next = ready.poll();
    if (next == null) {
      int number = numbers.getAndIncrement();
      return number < MADE_AT_MOST ? make(number) : null;
    }
    return next;
  }

  /** Takes back what was not accepted; somebody else sends it. */
  void takeBack(Numbered refused) {
    ready.add(refused);
  }

  private Numbered make(int number) {
    byte[] bytes = body.numbered(number);
    return new Numbered(number, compressed ? gzip(bytes) : bytes);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4);
    try (OutputStream gzip = new Fastest(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return out.toByteArray();
  }

  private static final class Fastest extends GZIPOutputStream {
    Fastest(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
