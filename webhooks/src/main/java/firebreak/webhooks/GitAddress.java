package firebreak.webhooks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a repository is cloned from. */
final class GitAddress {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[a-z+]+://[^/]+/|(?:[^@/]+@)?[^:/]+:)(.+?)(?:\\.git)?/?");

  private GitAddress() {}

  /** Owner and name, such as {@code acme/query-api}; empty where the address has none. */
  static String repository(String address) {
    Matcher match = ADDRESS.matcher(address);
    return match.matches() && match.group(1).contains("/") ? match.group(1) : "";
  }

  /** The last part of a path. */
  static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
