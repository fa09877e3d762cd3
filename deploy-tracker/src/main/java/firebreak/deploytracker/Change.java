package firebreak.deploytracker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that changed production, or was meant to. Absent text is empty.
 *
 * <p>The same change may be told of more than once, in any order; {@link #id} is the same each
 * time, made from what names the change at its source, and the {@link ChangeLog} keeps the latest
 * state.
 */
public sealed interface Change {
  String id();

  /** When it took place: a build or deploy started, a flag was saved. */
  Instant time();

  String service();

  String environment();

  String actor();

  String url();

  /** One line a person reads, such as "query-api 8812". */
  String name();

  /** A run that made, or failed to make, a build of a commit. */
  record Build(
      String id,
      Instant time,
      @Nullable Instant finishedAt,
      String service,
      String buildId,
      String commit,
      String branch,
      String repository,
      BuildState state,
      String summary,
      String actor,
      String url)
      implements Change {
    @Override
    public String environment() {
      return "";
    }

    @Override
    public String name() {
      return (service + " build " + buildId).strip();
    }
  }

  /** A build put into an environment, declared by a sender or observed in traffic. */
  record Deploy(
      String id,
      Instant time,
      @Nullable Instant finishedAt,
      String service,
      String environment,
      String buildId,
      String version,
      String commit,
      String repository,
      DeployState state,
      boolean observed,
      String summary,
      String actor,
      String url)
      implements Change {
    @Override
    public String name() {
      return (service + " " + (buildId.isEmpty() ? version : buildId)).strip();
    }
  }

  /**
   * A flag's targeting changed, or was seen for the first time.
   *
   * @param fence what {@link firebreak.flags.FlagState#fence} was after the change, empty when the
   *     sender did not say
   * @param before the definition before, JSON text; empty when the flag was first seen here, which
   *     is no change and never a suspect
   * @param after the definition after, JSON text
   * @param own whether Firebreak made it
   */
  record FlagChange(
      String id,
      Instant time,
      String flag,
      String service,
      String environment,
      String fence,
      String before,
      String after,
      boolean own,
      String summary,
      String actor,
      String url)
      implements Change {
    @Override
    public String name() {
      return flag;
    }

    public boolean isFirstSight() {
      return before.isEmpty();
    }
  }

  /** Anything else worth a line on the timeline: a push, a merge, a release. */
  record Marker(
      String id,
      Instant time,
      String service,
      String environment,
      String type,
      String repository,
      String commit,
      String summary,
      String actor,
      String url)
      implements Change {
    @Override
    public String name() {
      return summary;
    }
  }

  String summary();

  /** In the order in which they come to pass; a later one wins over an earlier. */
  enum BuildState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  /** In the order in which they come to pass; a later one wins over an earlier. */
  enum DeployState {
    STARTED,
    SUCCEEDED,
    FAILED,
    ROLLED_BACK
  }
}
