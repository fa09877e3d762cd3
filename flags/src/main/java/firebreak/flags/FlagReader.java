package firebreak.flags;

import java.util.Map;

/**
 * What flags serve, followed live as an application would follow it: through LaunchDarkly's SDK.
 */
public interface FlagReader extends FlagWatch {

  /** What the flag serves a context now. */
  Served serve(String flag, String contextKind, String contextKey, Map<String, String> attributes);

  /** Whether the flags have been read at least once. */
  boolean isReady();

  /**
   * What was served and why.
   *
   * @param variation the value as text, empty when the flag is unknown
   * @param reason LaunchDarkly's reason, such as {@code TARGET_MATCH} or {@code FALLTHROUGH}
   */
  record Served(String variation, String reason) {}
}
