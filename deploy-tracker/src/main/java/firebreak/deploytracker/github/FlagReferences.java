package firebreak.deploytracker.github;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds flags in a diff: a changed line names one where its key stands between quotes, as
 * LaunchDarkly's own search has it. A key behind a constant is not seen, so nothing found does not
 * mean untouched.
 */
final class FlagReferences {
  /** Beyond so many, more of one commit say nothing new. */
  static final int AT_MOST = 100;

  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d{1,9})(?:,\\d+)? \\+(\\d{1,9})(?:,\\d+)? @@.*");
  private static final Pattern QUOTED = Pattern.compile("[\"'`]([\\w.-]{1,256})(?=[\"'`])");

  private FlagReferences() {}

  /**
   * Those of one file.
   *
   * @param patch a unified diff as GitHub has it, without its first two lines
   */
  static List<FlagReference> in(String path, String patch, Set<String> flags) {
    Set<FlagReference> found = new LinkedHashSet<>();
    int before = 0;
    int after = 0;
    for (String line : patch.lines().toList()) {
      Matcher hunk = HUNK.matcher(line);
      if (hunk.matches()) {
        before = Integer.parseInt(hunk.group(1));
        after = Integer.parseInt(hunk.group(2));
      } else if (line.startsWith("+")) {
        add(found, path, after++, true, line, flags);
      } else if (line.startsWith("-")) {
        add(found, path, before++, false, line, flags);
      } else if (!line.startsWith("\\")) {
        before++;
        after++;
      }
    }
    return new ArrayList<>(found);
  }

  private static void add(
      Set<FlagReference> found,
      String path,
      int number,
      boolean added,
      String line,
      Set<String> flags) {
    Matcher quoted = QUOTED.matcher(line);
    while (quoted.find() && found.size() < AT_MOST) {
      if (flags.contains(quoted.group(1))) {
        found.add(new FlagReference(quoted.group(1), path, number, added));
      }
    }
  }
}
