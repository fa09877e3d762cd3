package firebreak.eventstore.columns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loops over codes say the same as a look at each row by itself. */
final class CodesTest {
  private static final int ROWS = 1_000;
  private static final int[] HIGHEST = {0, 1, 2, 5, 127, 128, 200, 254, 255, 256, 3_000};

  static IntStream seeds() {
    return IntStream.range(0, 300);
  }

  private static int[] draw(SplittableRandom random, int highest) {
    return random.ints(ROWS, 0, highest + 1).toArray();
  }

  /** The forms that codes up to this one can take. */
  private static Stream<Codes> forms(int[] codes, int highest) {
    GrowingCodes growing = new GrowingCodes(1);
    char[] chars = new char[codes.length];
    for (int row = 0; row < codes.length; row++) {
      growing.set(row, codes[row]);
      chars[row] = (char) codes[row];
    }
    Stream<Codes> all =
        Stream.of(growing.view(codes.length), new CharCodes(chars), new IntCodes(codes));
    return highest == 0 ? Stream.concat(all, Stream.of(new ConstantCodes(0))) : all;
  }

  /**
   * Nothing, everything, one code, all but one, a run, or each by chance; some longer than need be.
   */
  private static boolean[] accepted(SplittableRandom random, int highest) {
    int kind = random.nextInt(5);
    boolean[] accepted = new boolean[highest + 1 + random.nextInt(3)];
    int one = random.nextInt(accepted.length);
    int other = random.nextInt(accepted.length);
    for (int code = 0; code < accepted.length; code++) {
      accepted[code] =
          switch (kind) {
            case 0 -> code == one;
            case 1 -> code != one;
            case 2 -> code >= Math.min(one, other) && code <= Math.max(one, other);
            case 3 -> code >= one;
            default -> random.nextInt(3) == 0;
          };
    }
    return accepted;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void rowsAreSelectedByTheirCode(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int highest = HIGHEST[random.nextInt(HIGHEST.length)];
    int[] drawn = draw(random, highest);
    boolean[] accepted = accepted(random, highest);
    int from = 64 * random.nextInt(4);
    int to = from + random.nextInt(ROWS - from + 1);
    forms(drawn, highest)
        .forEach(
            codes -> {
              long[] bits = new long[(ROWS + 63) / 64];
              codes.select(from, to, accepted, bits);
              for (int row = 0; row < ROWS; row++) {
                boolean isWanted = row >= from && row < to && accepted[drawn[row]];
                assertEquals(
                    isWanted,
                    (bits[row >> 6] >>> row & 1) != 0,
                    "seed %d, %s, row %d of [%d, %d), code %d"
                        .formatted(seed, codes.getClass(), row, from, to, drawn[row]));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void rowsAreMarkedByTheirCode(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int highest = HIGHEST[random.nextInt(HIGHEST.length)];
    int[] drawn = draw(random, highest);
    int shift = 8 * random.nextInt(3);
    long[] masks = new long[highest + 1 + random.nextInt(3)];
    int marked = random.nextInt(8);
    for (int i = 0; i < marked; i++) {
      masks[random.nextInt(masks.length)] |= random.nextLong();
    }
    int from = random.nextInt(ROWS);
    int count = random.nextInt(ROWS - from + 1);
    byte[] before = new byte[ROWS];
    random.nextBytes(before);
    CodeMarks marks = CodeMarks.of(masks, shift);
    forms(drawn, highest)
        .forEach(
            codes -> {
              RowMarks into = marks(before);
              codes.mark(from, count, marks, into);
              for (int i = 0; i < ROWS; i++) {
                int mark = i < count ? (int) (masks[drawn[from + i]] >>> shift) & 0xFF : 0;
                String where =
                    "seed %d, %s, place %d of %d".formatted(seed, codes.getClass(), i, count);
                assertEquals((before[i] & 0xFF) | mark, into.of(i), where);
              }
            });
  }

  @Test
  void nothingMarkedChangesNothing() {
    CodeMarks marks = CodeMarks.of(new long[] {1L << 9}, 0);
    assertEquals(0, marks.marked().length);
    RowMarks into = marks(new byte[] {1, 2, 3});
    new ConstantCodes(0).mark(0, 3, marks, into);
    assertEquals(0x030201, into.eight(0));
  }

  private static RowMarks marks(byte[] of) {
    RowMarks marks = new RowMarks(of.length);
    for (int row = 0; row < of.length; row++) {
      marks.add(row, of[row]);
    }
    return marks;
  }
}
