package firebreak.bench.kernels;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.ColumnCache;
import firebreak.eventstore.columns.Memtable;
import firebreak.eventstore.columns.Numbers;
import firebreak.eventstore.columns.PartFile;
import firebreak.eventstore.columns.PartWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A part file of a million rows, its columns once in the cache, as codes of one, two and four
 * bytes, and once as they lie in the file, packed; and the same bytes as longs, to be summed.
 */
@State(Scope.Benchmark)
public class Columns {
  static final int ROWS = 1 << 20;

  /** One row in so many is picked by the loops over lists of rows. */
  static final int PICKED = 32;

  private static final String FILE = "part.columns";
  private static final long ROOM = 1L << 30;
  private static final int FEW_VALUES = 40;
  private static final int SOME_VALUES = 5_000;
  private static final int MANY_VALUES = 200_000;
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  Codes bytes = new None();
  Codes chars = new None();
  Codes ints = new None();
  Codes packed = new None();
  Numbers numbers = new NoNumbers();

  int[] byteCounts = {};
  int[] charCounts = {};
  int[] intCounts = {};
  boolean[] accepted = {};

  final int[] picked = IntStream.range(0, ROWS / PICKED).map(i -> i * PICKED + i % 7).toArray();
  final int[] into = new int[ROWS];
  final double[] doubles = new double[ROWS / PICKED];
  final long[] bits = new long[ROWS / Long.SIZE];

  /** As many bytes as there are rows, eight to a number. */
  final long[] oneByteEach = new long[ROWS / Long.BYTES];

  final long[] twoBytesEach = new long[ROWS / Long.BYTES * 2];
  final long[] fourBytesEach = new long[ROWS / Long.BYTES * 4];

  private Path folder = Path.of("");

  /** Stands where there is no column yet. */
  private static final class None extends Codes {
    @Override
    public int at(int row) {
      return 0;
    }

    @Override
    public void read(int from, int count, int[] into) {}
  }

  /** Stands where there are no numbers yet. */
  private static final class NoNumbers implements Numbers {
    @Override
    public double at(int row) {
      return Double.NaN;
    }

    @Override
    public @Nullable Value value(int row) {
      return null;
    }
  }

  /** Writes the part and reads it in both ways. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("firebreak-kernels-");
    try (Directory directory = FSDirectory.open(folder)) {
      PartWriter.write(directory, FILE, List.of(rows().view()));
      PartFile cached = PartFile.open(directory, FILE, new ColumnCache(ROOM));
      PartFile asItLies = PartFile.open(directory, FILE, new ColumnCache(0));
      bytes = codes(cached, "few");
      chars = codes(cached, "some");
      ints = codes(cached, "many");
      packed = codes(asItLies, "some");
      if (cached.column("number") instanceof Column.Measured measured) {
        numbers = measured.numbers();
      }
      byteCounts = new int[FEW_VALUES + 1];
      charCounts = new int[SOME_VALUES + 1];
      intCounts = new int[MANY_VALUES + 1];
      accepted = new boolean[FEW_VALUES + 1];
      accepted[3] = true;
      accepted[17] = true;
    }
  }

  private static Memtable rows() {
    SplittableRandom random = new SplittableRandom(1);
    Memtable rows = new Memtable();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          new Event(
              START.plusMillis(i),
              1,
              Map.of(
                  "few", Value.of("value-" + random.nextInt(FEW_VALUES)),
                  "some", Value.of("value-" + random.nextInt(SOME_VALUES)),
                  "many", Value.of("value-" + random.nextInt(MANY_VALUES)),
                  "number", Value.number(random.nextInt(100_000_000) / 1_000.0))));
    }
    return rows;
  }

  private static Codes codes(PartFile part, String field) {
    return ((Column.Coded) Objects.requireNonNull(part.column(field))).codes();
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
