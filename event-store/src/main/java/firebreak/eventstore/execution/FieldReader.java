package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one field of the chunk at hand, in whichever form is asked for, once a chunk. */
final class FieldReader {
  /** Below this share of the rows they are read one by one. */
  private static final int FEW = 8;

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
          int shift = shift(measured);
          if (shift != 0) {
            for (int i = 0; i < chunk.count(); i++) {
              // Nothing is added to 0, which stands for no number.
              bins[i] += shift & (-bins[i] >> 31);
            }
          }
        }
      }
    }
    return bins;
  }

  /** The number of each of some rows of the chunk, by their places in it. */
  void numbers(int[] places, int count, double[] into, int start) {
    if (!hasNumbers && column instanceof Column.Measured measured && count < chunk.count() / FEW) {
      for (int i = 0; i < count; i++) {
        into[start + i] = measured.numbers().at(chunk.row(places[i]));
      }
      return;
    }
    double[] all = numbers();
    for (int i = 0; i < count; i++) {
      into[start + i] = all[places[i]];
    }
  }

  /** The bin of each code on the question's scale. */
  int[] binOfCode() {
    return binOfCode;
  }

  /** What is added to the codes of bins to bring them on the question's scale. */
  int shift(Column.Measured measured) {
    return measured.lowestBin() - scale.lowest();
  }

  private void readCodes(Column.Coded coded) {
    if (!hasCodes) {
      hasCodes = true;
      chunk.read(coded.codes(), codes);
    }
  }
}
