package firebreak.webhooks;

import java.util.Comparator;
import java.util.List;

/** The name that someone who wrote another one may have meant. */
final class Nearest {
  private Nearest() {}

  static String to(String name, List<String> known) {
    String start = name.substring(0, Math.min(name.length(), 64));
    return known.stream()
        .min(Comparator.comparingInt(each -> distance(start, each)))
        .orElseThrow(() -> new IllegalArgumentException("no names to choose from"));
  }

  /** How many characters must be put in, taken out or replaced to make one of the other. */
  private static int distance(String a, String b) {
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
