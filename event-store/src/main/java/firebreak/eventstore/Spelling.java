package firebreak.eventstore;

import java.util.Collection;
import java.util.Comparator;

/** Which name a misspelt one was meant to be. */
final class Spelling {
  private Spelling() {}

  /** The name among the known ones that needs the fewest changes. */
  static String nearest(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String each) -> changes(name, each)))
        .orElse("");
  }

  /** How many characters must be added, dropped or replaced to make one of the other. */
  private static int changes(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
