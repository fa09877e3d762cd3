package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Set;

/** Refuses a key that nobody reads, and names the one that was probably meant. */
final class KnownKeys {
  private KnownKeys() {}

  static void check(String what, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("%s is a JSON object, was %s".formatted(what, node));
    }
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "%s has no key '%s'; did you mean '%s'?".formatted(what, name, nearest(name, known)));
      }
    }
  }

  /** The known name with the fewest edits to the given one; ties go to the first by name. */
  static String nearest(String name, Set<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String candidate) -> edits(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .orElse("");
  }

  /** Levenshtein's distance. */
  static int edits(String a, String b) {
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
