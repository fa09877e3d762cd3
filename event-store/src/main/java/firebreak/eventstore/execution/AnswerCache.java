package firebreak.eventstore.execution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last answers in case a question is asked again. An answer is found only while the store
 * holds just what it held when the answer was worked out, so it is never stale.
 */
final class AnswerCache {
  /** How many numbers the kept answers may hold together. */
  private static final long MOST_NUMBERS = 1_000_000;

  private final int most;

  /** The answers, those asked for longest ago first. */
  private final Map<Asked, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);

  /** The generation of the answers; those of an earlier one are of no more use. */
  private long latest = Long.MIN_VALUE;

  private long numbers;

  /** A question in its one form, and what it was asked of. */
  private record Asked(long generation, Object question) {}

  /** An answer and how many numbers it holds. */
  private record Answer(Object found, long numbers) {}

  AnswerCache(int most) {
    this.most = most;
  }

  /**
   * The kept answer, or the one that is worked out now.
   *
   * @param size how many numbers an answer holds
   */
  <T> T answer(
      long generation,
      Object question,
      Class<T> type,
      ToLongFunction<T> size,
      Supplier<T> otherwise) {
    T known = known(generation, question, type);
    if (known != null) {
      return known;
    }
    T found = otherwise.get();
    keep(generation, question, found, size.applyAsLong(found));
    return found;
  }

  /** The kept answer; null if there is none. */
  <T> @Nullable T known(long generation, Object question, Class<T> type) {
    synchronized (answers) {
      Answer known = answers.get(new Asked(generation, question));
      return known == null ? null : type.cast(known.found());
    }
  }

  /**
   * Keeps an answer.
   *
   * @param size how many numbers it holds
   */
  void keep(long generation, Object question, Object found, long size) {
    keep(new Asked(generation, question), new Answer(found, size));
  }

  private void keep(Asked asked, Answer answer) {
    synchronized (answers) {
      if (asked.generation() > latest) {
        answers.clear();
        numbers = 0;
        latest = asked.generation();
      }
      if (asked.generation() == latest) {
        Answer before = answers.put(asked, answer);
        numbers += answer.numbers() - (before == null ? 0 : before.numbers());
        while (answers.size() > most || (numbers > MOST_NUMBERS && !answers.isEmpty())) {
          Asked oldest = answers.keySet().iterator().next();
          Answer gone = answers.remove(oldest);
          numbers -= gone == null ? 0 : gone.numbers();
        }
      }
    }
  }
}
