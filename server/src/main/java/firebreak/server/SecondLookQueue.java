package firebreak.server;

import firebreak.deploytracker.github.GitHubSubject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What waits to be read again, each once however often it was spoken of. Safe for many threads. */
final class SecondLookQueue {
  /** Beyond so many, whole repositories are looked through instead. */
  static final int WAITING_AT_MOST = 1_000;

  static final int REPOSITORIES_AT_MOST = 100;

  private static final Duration FAILED_AGAIN_AFTER = Duration.ofSeconds(5);
  private static final Duration FAILED_AGAIN_AT_MOST = Duration.ofMinutes(10);
  private static final Duration OPEN_AGAIN_AFTER = Duration.ofMinutes(10);

  private final Map<GitHubSubject, Waiting> all = new HashMap<>();

  /** Of which not everything that waited is known, and when each is due. */
  private final Map<String, Instant> repositories = new LinkedHashMap<>();

  /**
   * A thing that waits.
   *
   * @param since when it was first spoken of
   * @param failures how often there was no answer
   * @param behind how often the answer was older than what was told
   */
  record Waiting(GitHubSubject subject, Instant since, Instant due, int failures, int behind) {

    /** The same after there was no answer, later and later. */
    Waiting failed(Instant now, Duration atLeast) {
      Duration wait = FAILED_AGAIN_AFTER.multipliedBy(1L << Math.min(failures, 7));
      wait = wait.compareTo(FAILED_AGAIN_AT_MOST) > 0 ? FAILED_AGAIN_AT_MOST : wait;
      wait = wait.compareTo(atLeast) > 0 ? wait : atLeast;
      return new Waiting(subject, since, now.plus(wait), failures + 1, behind);
    }

    /** The same after an answer that was older than what was told. */
    Waiting behind(Instant now, Duration first) {
      Instant again = now.plus(first.multipliedBy(1L << Math.min(behind, 7)));
      return new Waiting(subject, since, again, failures, behind + 1);
    }

    /** The same where the answer may not be the last: after as long again as it has waited. */
    Waiting open(Instant now) {
      Duration waited = Duration.between(since, now);
      Duration wait = waited.compareTo(OPEN_AGAIN_AFTER) > 0 ? waited : OPEN_AGAIN_AFTER;
      return new Waiting(subject, since, now.plus(wait), 0, 0);
    }

    boolean isOlderThan(Duration age, Instant now) {
      return since.plus(age).isBefore(now);
    }
  }

  /** Has it wait until then at most; false when there is no room. */
  synchronized boolean add(GitHubSubject subject, Instant now, Instant due) {
    Waiting known = all.get(subject);
    if (known == null && all.size() >= WAITING_AT_MOST) {
      return false;
    }
    if (known == null) {
      all.put(subject, new Waiting(subject, now, due, 0, 0));
    } else if (known.failures() == 0 && due.isBefore(known.due())) {
      all.put(subject, new Waiting(subject, known.since(), due, 0, known.behind()));
    }
    return true;
  }

  /** Takes out what has been due for longest; null when nothing is. */
  synchronized @Nullable Waiting take(Instant now) {
    Waiting next =
        all.values().stream()
            .filter(waiting -> !waiting.due().isAfter(now))
            .min(Comparator.comparing(Waiting::due))
            .orElse(null);
    if (next != null) {
      all.remove(next.subject());
    }
    return next;
  }

  /** Puts back what was taken out; what was spoken of again meanwhile is not held up by it. */
  synchronized void again(Waiting waiting) {
    all.putIfAbsent(waiting.subject(), waiting);
  }

  /** Has a whole repository wait until then, whatever of it waits; false when there is no room. */
  synchronized boolean addAll(String repository, Instant due) {
    boolean fits =
        repositories.containsKey(repository) || repositories.size() < REPOSITORIES_AT_MOST;
    if (fits) {
      repositories.merge(repository, due, (one, other) -> one.isBefore(other) ? one : other);
    }
    return fits;
  }

  /** Takes out a repository that is due, once there is room for what it has; null when none is. */
  synchronized @Nullable String takeAll(Instant now) {
    if (all.size() > WAITING_AT_MOST / 2) {
      return null;
    }
    String next =
        repositories.entrySet().stream()
            .filter(each -> !each.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(null);
    repositories.remove(next);
    return next;
  }
}
