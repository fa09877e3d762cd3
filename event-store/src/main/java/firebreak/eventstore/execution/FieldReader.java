package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one field of the chunk at hand, in whichever form is asked for, once a chunk. */
final class FieldReader {
  private final String field;
  private final Chunk chunk;
  private final BinScale scale;
  private final int[] codes = new int[Chunk.SIZE];
  private final int[] bins = new int[Chunk.SIZE];
  private final double[] numbers = new double[Chunk.SIZE];
  private @Nullable Column column;
  private double[] numberOfCode = {};
  private int[] binOfCode = {};
  private boolean hasCodes;
  private boolean hasBins;
  private boolean hasNumbers;

  FieldReader(String field, Chunk chunk, BinScale scale) {
    this.field = field;
    this.chunk = chunk;
    this.scale = scale;
  }

  /** Turns to a part. */
  void turnTo(PartView part) {
    column = part.column(field);
    if (column instanceof Column.Coded coded) {
      numberOfCode = part.numbers(field, coded.dictionary());
      binOfCode = scale.table(part.bins(field, coded.dictionary()));
    }
    next();
  }

  /** Forgets what was read of the last chunk. */
  void next() {
    hasCodes = false;
    hasBins = false;
    hasNumbers = false;
  }

  /** The number of each row, NaN where it has none. */
  double[] numbers() {
    if (!hasNumbers) {
      hasNumbers = true;
      switch (column) {
        case null -> Arrays.fill(numbers, 0, chunk.count(), Double.NaN);
        case Column.Coded coded -> {
          readCodes(coded);
          for (int i = 0; i < chunk.count(); i++) {
            numbers[i] = numberOfCode[codes[i]];
          }
        }
        case Column.Measured measured -> chunk.read(measured.numbers(), numbers);
      }
    }
    return numbers;
  }

  /** The bin of each row's number on the question's scale, 0 where it has none. */
  int[] bins() {
    if (!hasBins) {
      hasBins = true;
      switch (column) {
        case null -> Arrays.fill(bins, 0, chunk.count(), 0);
        case Column.Coded coded -> {
          readCodes(coded);
          for (int i = 0; i < chunk.count(); i++) {
            bins[i] = binOfCode[codes[i]];
          }
        }
        case Column.Measured measured -> {
          chunk.read(measured.bins(), bins);
          int shift = measured.lowestBin() - scale.lowest();
          if (shift != 0) {
            for (int i = 0; i < chunk.count(); i++) {
              bins[i] = bins[i] == 0 ? 0 : bins[i] + shift;
            }
          }
        }
      }
    }
    return bins;
  }

  private void readCodes(Column.Coded coded) {
    if (!hasCodes) {
      hasCodes = true;
      chunk.read(coded.codes(), codes);
    }
  }
}
