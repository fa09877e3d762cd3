package firebreak.eventstore.execution;

import firebreak.eventstore.columns.CodeMarks;
import firebreak.eventstore.columns.Codes;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** The terms of patterns as the rows of one part are asked them. */
final class PartTerms {
  /** A bit for each term of a plane. */
  private static final long ONES = (1L << TermBits.TERMS_OF_PLANE) - 1;

  private final IdentityHashMap<Codes, long[]> maskByCode = new IdentityHashMap<>();
  private final List<Coded> coded = new ArrayList<>();
  private final List<Integer> others = new ArrayList<>();
  private final List<Rows> matching = new ArrayList<>();
  private long always;

  /** Terms of one plane that ask for the codes of one column. */
  record Coded(int plane, Codes codes, CodeMarks marks) {}

  void addConstant(int term, boolean all) {
    always |= all ? 1L << term : 0;
  }

  void addCoded(int term, Codes codes, boolean[] accepted) {
    long[] masks = maskByCode.computeIfAbsent(codes, _ -> new long[accepted.length]);
    for (int code = 0; code < accepted.length; code++) {
      masks[code] |= accepted[code] ? 1L << term : 0;
    }
  }

  /** To be called when all terms with a constant or codes have been added. */
  void close() {
    maskByCode.forEach(
        (codes, masks) -> {
          long met = 0;
          for (long mask : masks) {
            met |= mask;
          }
          while (met != 0) {
            int plane = Long.numberOfTrailingZeros(met) / TermBits.TERMS_OF_PLANE;
            int shift = plane * TermBits.TERMS_OF_PLANE;
            coded.add(new Coded(plane, codes, CodeMarks.of(masks, shift)));
            met &= ~(ONES << shift);
          }
        });
    maskByCode.clear();
  }

  /** The rows that match the next of {@link #others}. */
  void addMatching(Rows rows) {
    matching.add(rows);
  }

  /** The terms that every row meets. */
  long always() {
    return always;
  }

  List<Coded> coded() {
    return coded;
  }

  /** The terms for which there is no table of codes. */
  List<Integer> others() {
    return others;
  }

  List<Rows> matching() {
    return matching;
  }
}
