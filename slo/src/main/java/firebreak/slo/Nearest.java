package firebreak.slo;

import java.util.Collection;

/** The known word that a mistyped one was probably meant to be. */
final class Nearest {
  private static final int EDITS_AT_MOST = 3;

  private Nearest() {}

  /** A piece of a sentence that asks for the nearest word; empty when none is near. */
  static String hint(String word, Collection<String> known) {
    String best = "";
    int bestDistance = Math.min(EDITS_AT_MOST, Math.max(1, word.length() / 2)) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? "" : ", did you mean \"" + best + "\"?";
  }

  /** How many letters to add, drop or change, cases and separators aside. */
  private static int distance(String a, String b) {
    String from = plain(a);
    String to = plain(b);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static String plain(String word) {
    return word.toLowerCase(java.util.Locale.ROOT).replace("_", "").replace("-", "");
  }
}
