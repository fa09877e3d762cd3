package firebreak.eventstore.execution;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps the last answers in case a question is asked again. An answer is found only while the store
 * holds just what it held when the answer was worked out, so it is never stale.
 */
final class AnswerCache {
  private final int most;

  /** The answers, those asked for longest ago first. */
  private final Map<Asked, Object> answers = new LinkedHashMap<>(16, 0.75f, true);

  /** The generation of the answers; those of an earlier one are of no more use. */
  private long latest = Long.MIN_VALUE;

  /** A question in its one form, and what it was asked of. */
  private record Asked(long generation, Object question) {}

  AnswerCache(int most) {
    this.most = most;
  }

  /** The kept answer, or the one that is worked out now. */
  <T> T answer(long generation, Object question, Class<T> type, Supplier<T> otherwise) {
    if (most == 0) {
      return otherwise.get();
    }
    Asked asked = new Asked(generation, question);
    synchronized (answers) {
      Object known = answers.get(asked);
      if (known != null) {
        return type.cast(known);
      }
    }
    T answer = otherwise.get();
    synchronized (answers) {
      if (generation > latest) {
        answers.clear();
        latest = generation;
      }
      if (generation == latest) {
        answers.put(asked, answer);
        if (answers.size() > most) {
          answers.remove(answers.keySet().iterator().next());
        }
      }
    }
    return answer;
  }
}
