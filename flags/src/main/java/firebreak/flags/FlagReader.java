package firebreak.flags;

import java.util.Map;

/**
 * What flags serve, followed live as an application would follow it: through LaunchDarkly's SDK.
 */
public interface FlagReader extends FlagWatch {

  /** What the flag serves a context now. */
  default Served serve(
      String flag, String contextKind, String contextKey, Map<String, String> attributes) {
    return serve(flag, Map.of(contextKind, contextKey), attributes);
  }

  /**
   * What the flag now serves someone who is a context of several kinds at once, such as a user of a
   * customer.
   *
   * @param keys the context's key by kind, at least one
   * @param attributes known of every kind of the context
   */
  Served serve(String flag, Map<String, String> keys, Map<String, String> attributes);

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
