package firebreak.eventstore.execution;

import java.util.Arrays;

/**
 * Which terms each row of a chunk meets: a bit for each term, in planes of eight terms, since eight
 * rows of a plane are one long.
 */
final class TermBits {
  static final int TERMS_OF_PLANE = 8;

  private final byte[][] planes;
  private final byte[] first;
  private final byte[] second;
  private final int[] codes = new int[Chunk.SIZE];

  TermBits(int terms) {
    planes = new byte[Math.max(2, Math.ceilDiv(terms, TERMS_OF_PLANE))][Chunk.SIZE];
    first = planes[0];
    second = planes[1];
  }

  void read(Chunk chunk, PartTerms terms) {
    for (int plane = 0; plane < planes.length; plane++) {
      byte always = (byte) (terms.always() >>> (plane * TERMS_OF_PLANE));
      Arrays.fill(planes[plane], 0, chunk.count(), always);
    }
    for (PartTerms.Coded coded : terms.coded()) {
      add(chunk, coded);
    }
    for (int i = 0; i < terms.others().size(); i++) {
      add(chunk, terms.matching().get(i), terms.others().get(i));
    }
  }

  private void add(Chunk chunk, PartTerms.Coded terms) {
    byte[] plane = planes[terms.plane()];
    if (chunk.isInterval()) {
      terms.codes().mark(chunk.first(), chunk.count(), terms.marks(), plane);
      return;
    }
    chunk.read(terms.codes(), codes);
    for (int i = 0; i < chunk.count(); i++) {
      plane[i] |= terms.marks().ofCode(codes[i]);
    }
  }

  private void add(Chunk chunk, Rows matching, int term) {
    if (matching.isEmpty()) {
      return;
    }
    byte[] plane = planes[term / TERMS_OF_PLANE];
    int shift = term % TERMS_OF_PLANE;
    for (int i = 0; i < chunk.count(); i++) {
      int row = chunk.row(i);
      plane[i] |= (byte) ((matching.word(row >> 6) >>> row & 1) << shift);
    }
  }

  /** The terms that a row meets, if there are sixteen at most. */
  int few(int i) {
    return (first[i] & 0xFF) | ((second[i] & 0xFF) << TERMS_OF_PLANE);
  }

  /** The terms that a row meets. */
  long of(int i) {
    long mask = 0;
    for (int plane = 0; plane < planes.length; plane++) {
      mask |= (planes[plane][i] & 0xFFL) << (plane * TERMS_OF_PLANE);
    }
    return mask;
  }
}
