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
  CodeWeights byCode(RowList rows, Codes of, int highest, @Nullable Marginals marginals) {
    Rows some = rows.rows();
    if (marginals != null && some.isWhole()) {
      long[] weights = new long[highest + 1];
      for (int code = 0; code <= highest; code++) {
        weights[code] = marginals.weight(code);
      }
      return CodeWeights.of(weights);
    }
    if (marginals != null && some.bits() == null && marginals.hasBlocks()) {
      long[] weights = new long[highest + 1];
      addBlocks(some, of, marginals, weights);
      return CodeWeights.of(weights);
    }
    if (some.part().sampleRates() == null) {
      return CodeWeights.of(count(rows, of, highest));
    }
    long[] weights = new long[highest + 1];
    add(some, of, weights);
    return CodeWeights.of(weights);
  }

  private static int[] count(RowList rows, Codes of, int highest) {
    int[] counts = new int[highest + 1];
    if (rows.rows().bits() == null) {
      of.count(rows.rows().from(), rows.rows().to(), counts);
    } else {
      int[] list = rows.list();
      of.count(list, list.length, counts);
    }
    return counts;
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
