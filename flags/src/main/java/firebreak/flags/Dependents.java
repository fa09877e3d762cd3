package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which flags ask which others first, in LaunchDarkly's shape. Whoever is served something else by
 * a prerequisite is served off by its dependents too.
 */
record Dependents(Map<String, Set<String>> byPrerequisite) {

  /** Of definitions that have their keys; those that are off or archived ask nothing. */
  static Dependents of(Collection<ObjectNode> definitions) {
    Map<String, Set<String>> dependents = new HashMap<>();
    for (ObjectNode flag : definitions) {
      if (flag.path("on").asBoolean(false) && !flag.path("archived").asBoolean(false)) {
        for (JsonNode prerequisite : flag.path("prerequisites")) {
          dependents
              .computeIfAbsent(prerequisite.path("key").asText(), _ -> new TreeSet<>())
              .add(flag.path("key").asText());
        }
      }
    }
    return new Dependents(dependents);
  }

  FlagState of(FlagState flag) {
    return flag.with(byPrerequisite.getOrDefault(flag.key(), Set.of()));
  }
}
