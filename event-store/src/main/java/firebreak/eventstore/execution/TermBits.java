package firebreak.eventstore.execution;

import firebreak.eventstore.columns.RowMarks;
import java.util.Arrays;

/**
 * Which terms each row of a chunk meets: a bit for each term, in planes of eight terms, since eight
 * rows of a plane are one long.
 */
final class TermBits {
  static final int TERMS_OF_PLANE = 8;

  private final RowMarks[] planes;
  private final RowMarks first;
  private final RowMarks second;
  private final int[] codes = new int[Chunk.SIZE];

  TermBits(int terms) {
    planes = new RowMarks[Math.max(2, Math.ceilDiv(terms, TERMS_OF_PLANE))];
    Arrays.setAll(planes, _ -> new RowMarks(Chunk.SIZE));
    first = planes[0];
    second = planes[1];
  }

  void read(Chunk chunk, PartTerms terms) {
    for (int plane = 0; plane < planes.length; plane++) {
      planes[plane].fill(chunk.count(), (byte) (terms.always() >>> (plane * TERMS_OF_PLANE)));
    }
    for (PartTerms.Coded coded : terms.coded()) {
      add(chunk, coded);
    }
    for (int i = 0; i < terms.others().size(); i++) {
      add(chunk, terms.matching().get(i), terms.others().get(i));
    }
  }

  private void add(Chunk chunk, PartTerms.Coded terms) {
    RowMarks plane = planes[terms.plane()];
    if (chunk.isInterval()) {
      terms.codes().mark(chunk.first(), chunk.count(), terms.marks(), plane);
      return;
    }
    chunk.read(terms.codes(), codes);
    terms.marks().addTo(codes, chunk.count(), 0, plane);
  }

  private void add(Chunk chunk, Rows matching, int term) {
    if (matching.isEmpty()) {
      return;
    }
    RowMarks plane = planes[term / TERMS_OF_PLANE];
    int shift = term % TERMS_OF_PLANE;
    for (int i = 0; i < chunk.count(); i++) {
      int row = chunk.row(i);
      plane.add(i, (int) (matching.word(row >> 6) >>> row & 1) << shift);
    }
  }

  /** The terms that a row meets, if there are sixteen at most. */
  int few(int i) {
    return first.of(i) | (second.of(i) << TERMS_OF_PLANE);
  }

  /** The first eight terms of the rows from eight times {@code index} on, a byte for each row. */
  long first(int index) {
    return first.eight(index);
  }

  /** The same of the next eight terms. */
  long second(int index) {
    return second.eight(index);
  }

  /** The terms that a row meets. */
  long of(int i) {
    long mask = 0;
    for (int plane = 0; plane < planes.length; plane++) {
      mask |= (long) planes[plane].of(i) << (plane * TERMS_OF_PLANE);
    }
    return mask;
  }
}
