package firebreak.eventstore.columns;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.store.BufferedChecksumIndexInput;
import org.apache.lucene.store.ByteArrayDataInput;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.DataInput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.jspecify.annotations.Nullable;

/**
 * A part that lies in a file. Opening it reads only where the columns lie; they are read where they
 * are, which for a directory that maps files into memory costs nothing beforehand.
 */
public final class PartFile implements Part, Closeable {
  private static final int TRAILER = 2 * Long.BYTES;

  /** So many bytes are read at once where the whole file is. */
  private static final int PIECE = 1 << 18;

  private final long id = PartIds.next();
  private final String name;
  private final IndexInput input;
  private final ColumnCache cache;
  private final int rows;
  private final long firstTime;
  private final long lastTime;
  private final Longs times;
  private final @Nullable Longs sampleRates;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final Map<String, Column> uncached = new HashMap<>();
  private final List<CacheSlot<?>> slots = new ArrayList<>();

  private PartFile(String name, IndexInput input, ColumnCache cache) throws IOException {
    this.name = name;
    this.cache = cache;
    this.input = input;
    int version = version();
    long length = input.length();
    MemorySegment file = map(input, length);
    ByteArrayDataInput description = description(length);
    rows = description.readVInt();
    firstTime = description.readZLong();
    lastTime = description.readZLong();
    times = FileSteps.read(description, file);
    sampleRates = description.readByte() == 0 ? null : FileSteps.read(description, file);
    for (int left = description.readVInt(); left > 0; left--) {
      String field = description.readString();
      readColumn(field, description, file, version);
    }
  }

  /**
   * Opens a part file.
   *
   * @param cache where its columns are kept decoded, for as long as there is room and it is open
   */
  public static PartFile open(Directory directory, String name, ColumnCache cache)
      throws IOException {
    IndexInput input = directory.openInput(name, IOContext.DEFAULT);
    try {
      return new PartFile(name, input, cache);
    } catch (Throwable e) {
      input.close();
      throw e;
    }
  }

  private int version() throws IOException {
    try {
      return CodecUtil.checkHeader(
          input, PartWriter.FORMAT, PartWriter.FIRST_VERSION, PartWriter.VERSION);
    } catch (IndexFormatTooNewException e) {
      throw new IOException(
          "the part file %s is of format %d; this program reads format %d and must be renewed"
              .formatted(name, e.getVersion(), PartWriter.VERSION),
          e);
    }
  }

  /** The bytes of the file: as they are mapped, or where they are not, a copy. */
  private static MemorySegment map(IndexInput input, long length) throws IOException {
    if (input instanceof MemorySegmentAccessInput mapped) {
      MemorySegment segment = mapped.segmentSliceOrNull(0, length);
      if (segment != null) {
        return segment;
      }
    }
    byte[] bytes = new byte[Math.toIntExact(length)];
    IndexInput start = input.clone();
    start.seek(0);
    start.readBytes(bytes, 0, bytes.length);
    return MemorySegment.ofArray(bytes);
  }

  private ByteArrayDataInput description(long length) throws IOException {
    long end = length - CodecUtil.footerLength() - TRAILER;
    IndexInput from = input.clone();
    if (end >= 0) {
      from.seek(end);
      long start = from.readLong();
      long sum = from.readLong();
      if (start >= 0 && start <= end && end - start <= Integer.MAX_VALUE) {
        byte[] bytes = new byte[(int) (end - start)];
        from.seek(start);
        from.readBytes(bytes, 0, bytes.length);
        CRC32C actual = new CRC32C();
        actual.update(bytes);
        if (actual.getValue() == sum) {
          return new ByteArrayDataInput(bytes);
        }
      }
    }
    throw new CorruptIndexException("the description of the part file is damaged", name);
  }

  private void readColumn(String field, DataInput description, MemorySegment file, int version)
      throws IOException {
    if (description.readByte() == FieldWriter.CODED) {
      Packed codes = Packed.read(description, file);
      FileDictionary dictionary = FileDictionary.read(description, file, version);
      Marginals marginals = FileMarginals.read(rows, description, file);
      Codes stored = codes(codes);
      Codes cached =
          codes.width() == 0
              ? stored
              : CachedCodes.of(stored, rows, dictionary.size(), cache, slots);
      uncached.put(field, new CodedColumn(stored, dictionary, marginals));
      columns.put(field, new CodedColumn(cached, dictionary, marginals));
      return;
    }
    FileNumbers numbers = FileNumbers.read(description, file);
    int lowest = description.readZInt();
    int highest = description.readVInt();
    Marginals marginals = FileMarginals.read(rows, description, file);
    Codes bins = new NumberBins(numbers, lowest);
    uncached.put(field, new MeasuredColumn(numbers, bins, lowest, highest, marginals));
    columns.put(
        field,
        new MeasuredColumn(
            CachedNumbers.of(numbers, rows, cache, slots),
            CachedCodes.of(bins, rows, highest, cache, slots),
            lowest,
            highest,
            marginals));
  }

  private static Codes codes(Packed packed) {
    if (packed.isConstant()) {
      return new ConstantCodes((int) packed.base());
    }
    return packed.isRising() ? new RisingCodes((int) packed.base()) : new PackedCodes(packed);
  }

  /** The same rows, read without the cache. */
  Part uncached() {
    return new Uncached(this);
  }

  /** Is told after each piece of a file how many bytes were read, and may wait. */
  @FunctionalInterface
  public interface Pace {
    /** As fast as can be. */
    Pace FULL = _ -> {};

    /** So many bytes were read. */
    void read(long bytes) throws IOException;
  }

  /** Reads the whole file, piece by piece, and compares it with its checksum. */
  public void checkIntegrity(Pace pace) throws IOException {
    IndexInput from = input.clone();
    from.seek(0);
    ChecksumIndexInput bytes = new BufferedChecksumIndexInput(from);
    long end = bytes.length() - CodecUtil.footerLength();
    while (bytes.getFilePointer() < end) {
      long start = bytes.getFilePointer();
      bytes.seek(Math.min(end, start + PIECE)); // which reads all between
      pace.read(bytes.getFilePointer() - start);
    }
    CodecUtil.checkFooter(bytes);
  }

  public String name() {
    return name;
  }

  /** The size of the file. */
  public long bytes() {
    return input.length();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long firstTime() {
    return firstTime;
  }

  @Override
  public long lastTime() {
    return lastTime;
  }

  @Override
  public boolean isSorted() {
    return true;
  }

  @Override
  public Longs times() {
    return times;
  }

  @Override
  public @Nullable Longs sampleRates() {
    return sampleRates;
  }

  @Override
  public Set<String> fields() {
    return Collections.unmodifiableSet(columns.keySet());
  }

  @Override
  public @Nullable Column column(String field) {
    return columns.get(field);
  }

  @Override
  public void close() throws IOException {
    slots.forEach(CacheSlot::close);
    input.close();
  }

  /** The same rows, for those who read them once. */
  private record Uncached(PartFile file) implements Part {
    @Override
    public long id() {
      return file.id;
    }

    @Override
    public int rows() {
      return file.rows;
    }

    @Override
    public long firstTime() {
      return file.firstTime;
    }

    @Override
    public long lastTime() {
      return file.lastTime;
    }

    @Override
    public boolean isSorted() {
      return file.isSorted();
    }

    @Override
    public Longs times() {
      return file.times;
    }

    @Override
    public @Nullable Longs sampleRates() {
      return file.sampleRates;
    }

    @Override
    public Set<String> fields() {
      return file.fields();
    }

    @Override
    public @Nullable Column column(String field) {
      return file.uncached.get(field);
    }
  }
}
