package firebreak.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** Each loop over a million rows, and plain sums over as many bytes as it reads. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelBench {

  @Benchmark
  public long sumOneByte(Columns columns) {
    return sum(columns.oneByteEach);
  }

  @Benchmark
  public long sumTwoBytes(Columns columns) {
    return sum(columns.twoBytesEach);
  }

  @Benchmark
  public long sumFourBytes(Columns columns) {
    return sum(columns.fourBytesEach);
  }

  private static long sum(long[] numbers) {
    long sum = 0;
    for (long number : numbers) {
      sum += number;
    }
    return sum;
  }

  @Benchmark
  public int[] countBytes(Columns columns) {
    columns.bytes.count(0, Columns.ROWS, columns.byteCounts);
    return columns.byteCounts;
  }

  @Benchmark
  public int[] countChars(Columns columns) {
    columns.chars.count(0, Columns.ROWS, columns.charCounts);
    return columns.charCounts;
  }

  @Benchmark
  public int[] countInts(Columns columns) {
    columns.ints.count(0, Columns.ROWS, columns.intCounts);
    return columns.intCounts;
  }

  @Benchmark
  public int[] countPickedRows(Columns columns) {
    columns.bytes.count(columns.picked, columns.picked.length, columns.byteCounts);
    return columns.byteCounts;
  }

  @Benchmark
  public int[] gatherCodes(Columns columns) {
    columns.ints.gather(columns.picked, columns.picked.length, columns.into);
    return columns.into;
  }

  @Benchmark
  public double[] gatherNumbers(Columns columns) {
    columns.numbers.gather(columns.picked, columns.picked.length, columns.doubles);
    return columns.doubles;
  }

  @Benchmark
  public long[] selectBytes(Columns columns) {
    columns.bytes.select(0, Columns.ROWS, columns.accepted, columns.bits);
    return columns.bits;
  }

  @Benchmark
  public int[] unpack(Columns columns) {
    columns.packed.read(0, Columns.ROWS, columns.into);
    return columns.into;
  }
}
