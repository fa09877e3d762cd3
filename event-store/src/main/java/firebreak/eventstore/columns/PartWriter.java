package firebreak.eventstore.columns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of parts as one part file: the header, the columns, the description that tells where
 * each lies, the place and checksum of the description, and the footer with the checksum of all.
 */
public final class PartWriter {
  static final String FORMAT = "FirebreakPart";

  /** Rises with every change that older programs could not read. */
  static final int VERSION = 2;

  /** The oldest that is still read. */
  static final int FIRST_VERSION = 1;

  /** From this version on, large dictionaries have an index. */
  static final int INDEXED = 2;

  private PartWriter() {}

  /** Writes all rows of sources. */
  public static PartMeta write(Directory directory, String file, List<Part> sources)
      throws IOException {
    return write(directory, file, sources, Long.MIN_VALUE, Long.MAX_VALUE, RowFilter.ALL);
  }

  /**
   * Writes the rows of sources whose time is in [from, to) and that a filter keeps, sorted by time.
   * Rows of equal time keep the order of the sources and, within one, their own. What is written
   * holds nothing of the rows that are not kept. The file is complete but not forced to the disk.
   *
   * @param sources in the order in which their rows were appended
   */
  public static PartMeta write(
      Directory directory, String file, List<Part> sources, long from, long to, RowFilter filter)
      throws IOException {
    MergedRows rows = MergedRows.of(sources, from, to, filter);
    if (rows.count() == 0) {
      return new PartMeta(file, 0, 0, 0, 0, 0, new TreeSet<>());
    }
    boolean written = false;
    SortedSet<String> fields;
    try {
      try (IndexOutput out = directory.createOutput(file, IOContext.DEFAULT)) {
        fields = write(out, rows);
      }
      PartMeta meta = meta(directory, file, rows, fields);
      written = true;
      return meta;
    } finally {
      if (!written) {
        IOUtils.deleteFilesIgnoringExceptions(directory, file);
      }
    }
  }

  private static PartMeta meta(
      Directory directory, String file, MergedRows rows, SortedSet<String> fields)
      throws IOException {
    try (IndexInput in = directory.openInput(file, IOContext.READONCE)) {
      long[] times = rows.times();
      return new PartMeta(
          file,
          rows.count(),
          times[0],
          times[times.length - 1],
          in.length(),
          CodecUtil.retrieveChecksum(in),
          fields);
    }
  }

  private static SortedSet<String> write(IndexOutput out, MergedRows rows) throws IOException {
    ByteBuffersDataOutput description = new ByteBuffersDataOutput();
    CodecUtil.writeHeader(out, FORMAT, VERSION);
    PackedWriter packed = new PackedWriter(out, description);
    long[] times = rows.times();
    description.writeVInt(rows.count());
    description.writeZLong(times[0]);
    description.writeZLong(times[times.length - 1]);
    new StepsWriter(packed, description).write(times);
    long[] weights = weights(rows);
    description.writeByte((byte) (weights == null ? 0 : 1));
    if (weights != null) {
      new StepsWriter(packed, description).write(weights);
    }
    ByteBuffersDataOutput columns = new ByteBuffersDataOutput();
    FieldWriter writer = new FieldWriter(out, columns, rows, weights);
    SortedSet<String> fields = new TreeSet<>();
    for (Part source : rows.sources()) {
      fields.addAll(source.fields());
    }
    List<String> names = new ArrayList<>(fields);
    for (String name : names) {
      if (!writer.write(name)) {
        fields.remove(name);
      }
    }
    description.writeVInt(fields.size());
    columns.copyTo(description);
    finish(out, description.toArrayCopy());
    return fields;
  }

  /** The sample rates in the order of writing; null where all are 1. */
  private static long @Nullable [] weights(MergedRows rows) {
    long[] weights = new long[rows.count()];
    boolean sampled = false;
    for (int i = 0; i < rows.sources().size(); i++) {
      Longs rates = rows.sources().get(i).sampleRates();
      if (rates == null) {
        Arrays.fill(weights, rows.start(i), rows.start(i) + rows.count(i), 1);
      } else {
        rows.readLongs(i, rates, weights);
        sampled = true;
      }
    }
    sampled = sampled && Arrays.stream(weights).anyMatch(weight -> weight != 1);
    return sampled ? rows.ordered(weights) : null;
  }

  private static void finish(IndexOutput out, byte[] description) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(description);
    long start = out.getFilePointer();
    out.writeBytes(description, 0, description.length);
    out.writeLong(start);
    out.writeLong(sum.getValue());
    CodecUtil.writeFooter(out);
  }
}
