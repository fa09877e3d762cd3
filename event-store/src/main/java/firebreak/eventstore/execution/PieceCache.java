package firebreak.eventstore.execution;

import org.jspecify.annotations.Nullable;

/**
 * Keeps pieces of the last answers, each about rows of one part, named by {@link
 * firebreak.eventstore.columns.Part#id}: who asks about one box after the other asks most of it
 * again.
 */
final class PieceCache {
  private static final int MOST = 1 << 14;

  /** The content of a part does not change. */
  private static final long ALWAYS = 0;

  private final AnswerCache pieces = new AnswerCache(MOST);

  <T> @Nullable T known(Object what, Class<T> type) {
    return pieces.known(ALWAYS, what, type);
  }

  /**
   * Keeps a piece.
   *
   * @param size how many numbers it holds
   */
  void keep(Object what, Object piece, long size) {
    pieces.keep(ALWAYS, what, piece, size);
  }
}
