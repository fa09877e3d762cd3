package firebreak.bench.wide;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * The events as JSON in a file, batch after batch, so that loading a store is measured without the
 * making of the events. Read through memory: what is measured comes out of the page cache.
 */
public final class EventFile implements Batches {
  private static final int MAKERS = 2;
  private static final int AHEAD = 16;

  private final WideEvents events;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment content;
  private final List<Long> ends;
  private final int most;

  private EventFile(WideEvents events, Path file, int most, List<Long> ends) throws IOException {
    this.events = events;
    this.ends = ends;
    this.most = most;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Makes the file, telling how many events are written so far. */
  public static EventFile write(WideEvents events, Path file, int most, LongConsumer progress)
      throws IOException {
    List<Long> ends = new ArrayList<>();
    ThreadLocal<WideEvents.Maker> makers = ThreadLocal.withInitial(events::maker);
    try (ExecutorService pool = Executors.newFixedThreadPool(MAKERS);
        OutputStream out = Files.newOutputStream(file)) {
      ArrayDeque<Future<byte[]>> ahead = new ArrayDeque<>();
      long size = 0;
      for (long from = 0; from < events.count() || !ahead.isEmpty(); from += most) {
        if (from < events.count()) {
          long first = from;
          int count = (int) Math.min(most, events.count() - first);
          ahead.add(pool.submit(() -> batch(makers.get(), first, count)));
        }
        if (ahead.size() == AHEAD || from >= events.count()) {
          byte[] batch = ahead.remove().get();
          out.write(batch);
          size += batch.length;
          ends.add(size);
          progress.accept(Math.min(events.count(), (long) ends.size() * most));
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while making events", e);
    }
    return new EventFile(events, file, most, ends);
  }

  private static byte[] batch(WideEvents.Maker maker, long from, int count) {
    JsonBytes out = new JsonBytes();
    maker.batch(from, count, out);
    return out.copy();
  }

  @Override
  public WideEvents events() {
    return events;
  }

  @Override
  public int batches() {
    return ends.size();
  }

  public long bytes() {
    return content.byteSize();
  }

  @Override
  public int size(int batch) {
    return (int) Math.min(most, events.count() - (long) batch * most);
  }

  @Override
  public byte[] batch(int number) {
    long from = number == 0 ? 0 : ends.get(number - 1);
    return content.asSlice(from, ends.get(number) - from).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    arena.close();
  }
}
