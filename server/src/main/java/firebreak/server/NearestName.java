package firebreak.server;

import java.util.Collection;

/** The name that a misspelt one was meant to be. */
final class NearestName {
  private NearestName() {}

  /** The nearest of the known names, empty when none is near. */
  static String to(String name, Collection<String> known) {
    String nearest = "";
    int least = Math.max(2, name.length() / 2) + 1;
    for (String candidate : known) {
      // The lengths alone can tell, and a sender chooses how long a name is.
      int longer = Math.abs(name.length() - candidate.length());
      int distance = longer < least ? distance(name, candidate) : least;
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** How many characters must be added, dropped or replaced to make one of the other. */
  static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
