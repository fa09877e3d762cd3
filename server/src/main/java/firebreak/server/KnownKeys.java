package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;

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
        String nearest = NearestName.to(name, known);
        throw new IllegalArgumentException(
            nearest.isEmpty()
                ? "%s has no key '%s'; it has %s".formatted(what, name, new TreeSet<>(known))
                : "%s has no key '%s'; did you mean '%s'?".formatted(what, name, nearest));
      }
    }
  }
}
