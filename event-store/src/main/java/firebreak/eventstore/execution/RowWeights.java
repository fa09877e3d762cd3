package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Marginals;
import firebreak.eventstore.columns.Part;
import org.jspecify.annotations.Nullable;

/** Adds up what rows weigh, by code; for one thread. */
final class RowWeights {
  private final Chunk chunk = new Chunk();
  private final int[] codes = new int[Chunk.SIZE];
  private final long[] rates = new long[Chunk.SIZE];

  /** What the rows weigh together. */
  long total(Rows rows) {
    Longs sampleRates = rows.part().sampleRates();
    if (sampleRates == null) {
      return rows.count();
    }
    long sum = 0;
    for (int from = rows.from(); from < rows.to(); ) {
      from = chunk.fill(rows, from, rows.to());
      chunk.read(sampleRates, rates);
      for (int i = 0; i < chunk.count(); i++) {
        sum += rates[i];
      }
    }
    return sum;
  }

  /**
   * What the rows of each code up to {@code highest} weigh, from marginals as far as they reach.
   */
  long[] byCode(Rows rows, Codes of, int highest, @Nullable Marginals marginals) {
    long[] weights = new long[highest + 1];
    if (marginals == null || rows.bits() != null) {
      add(rows, of, weights);
    } else if (rows.isWhole()) {
      for (int code = 0; code <= highest; code++) {
        weights[code] = marginals.weight(code);
      }
    } else if (marginals.hasBlocks()) {
      addBlocks(rows, of, marginals, weights);
    } else {
      add(rows, of, weights);
    }
    return weights;
  }

  private void addBlocks(Rows rows, Codes of, Marginals marginals, long[] weights) {
    int end = rows.part().rows();
    int first = Math.ceilDiv(rows.from(), Part.BLOCK);
    int last = rows.to() == end ? Math.ceilDiv(end, Part.BLOCK) : rows.to() / Part.BLOCK;
    if (first >= last) {
      add(rows, of, weights);
      return;
    }
    add(Rows.interval(rows.part(), rows.from(), first * Part.BLOCK), of, weights);
    for (int block = first; block < last; block++) {
      marginals.addBlock(block, weights);
    }
    add(Rows.interval(rows.part(), Math.min(end, last * Part.BLOCK), rows.to()), of, weights);
  }

  private void add(Rows rows, Codes of, long[] weights) {
    Longs sampleRates = rows.part().sampleRates();
    for (int from = rows.from(); from < rows.to(); ) {
      from = chunk.fill(rows, from, rows.to());
      chunk.read(of, codes);
      if (sampleRates == null) {
        for (int i = 0; i < chunk.count(); i++) {
          weights[codes[i]]++;
        }
      } else {
        chunk.read(sampleRates, rates);
        for (int i = 0; i < chunk.count(); i++) {
          weights[codes[i]] += rates[i];
        }
      }
    }
  }
}
