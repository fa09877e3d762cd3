package firebreak.deploytracker;

import firebreak.eventstore.EventStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Builds as traces, in a dataset like any other; a span told again is not kept again. */
public final class BuildTraces {

  /** The dataset that the spans go to. */
  public static final String DATASET = "builds";

  private static final int SPAN_ID_LENGTH = 16;

  private final EventStore store;

  public BuildTraces(EventStore store) {
    this.store = store;
  }

  /** Keeps the spans; returns when they are on disk. */
  public void record(List<BuildSpan> spans) {
    if (!spans.isEmpty()) {
      store.append(DATASET, spans.stream().map(BuildSpan::event).toList());
    }
  }

  /**
   * The trace of an attempt of a run of GitHub Actions: what {@code md5sum} says of {@code
   * $GITHUB_REPOSITORY/$GITHUB_RUN_ID/$GITHUB_RUN_ATTEMPT}, so that its jobs know it too.
   */
  public static String gitHubTrace(String repository, String run, String attempt) {
    return md5(repository + "/" + run + "/" + attempt);
  }

  /** The span of a job of a trace, by the job's name as it is shown. */
  public static String jobSpan(String trace, String job) {
    return md5(trace + "/" + job).substring(0, SPAN_ID_LENGTH);
  }

  /** The span of a step of a job's span, by the step's number. */
  public static String stepSpan(String jobSpan, String number) {
    return md5(jobSpan + "/" + number).substring(0, SPAN_ID_LENGTH);
  }

  /** Not for secrecy: every shell has it, and its 32 digits are a trace id. */
  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
