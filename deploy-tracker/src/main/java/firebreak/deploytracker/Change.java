package firebreak.deploytracker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
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
      @Nullable Instant finishedAt,
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

  /**
   * The id of the change that these parts name at its source; the same parts give the same id for
   * ever, and {@code ["a", "bc"]} is not {@code ["ab", "c"]}.
   *
   * @param kind build, deploy, flag or marker
   */
  static String id(String kind, String... parts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return kind + "-" + HexFormat.of().formatHex(digest.digest(), 0, 10);
  }

  /**
   * The id of a flag's change to the version that the fence names, whoever tells of it: a webhook,
   * the live stream of flags, or ourselves after a change of our own.
   */
  static String flagChangeId(String flag, String environment, String fence) {
    return id("flag", flag, environment, fence);
  }

  /** In the order in which they come to pass; a later one wins over an earlier. */
  enum BuildState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  /**
   * In the order in which they come to pass; a later one wins, of two ends that which came last.
   */
  enum DeployState {
    STARTED,
    SUCCEEDED,
    FAILED,
    ROLLED_BACK
  }
}
