package firebreak.deploytracker.github;

import java.time.Duration;
import java.util.function.Function;

/** What GitHub answered, or why there is no answer. */
public sealed interface GitHubAnswer<T> {
  record Found<T>(T value) implements GitHubAnswer<T> {}

  /**
   * No answer.
   *
   * @param why for a person, in one line without a secret
   * @param retry whether asking the same later can help
   * @param after for how long GitHub wants to be left alone; zero where it did not say
   * @param isLimit whether that holds for whatever is asked, and not for this alone
   */
  record Unavailable<T>(String why, boolean retry, Duration after, boolean isLimit)
      implements GitHubAnswer<T> {
    public Unavailable(String why, boolean retry, Duration after) {
      this(why, retry, after, false);
    }

    /** The same where something else was asked for. */
    public <U> Unavailable<U> of() {
      return new Unavailable<>(why, retry, after, isLimit);
    }
  }

  /** Goes on with what was found. */
  default <U> GitHubAnswer<U> then(Function<T, GitHubAnswer<U>> next) {
    return switch (this) {
      case Found<T> found -> next.apply(found.value());
      case Unavailable<T> unavailable -> unavailable.of();
    };
  }
}
