package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.Targeting.Edit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists in a flag's definition of contexts that are served a variation by key.
 *
 * <p>There are two. Users stand in {@code targets}, all other kinds in {@code contextTargets}. As
 * soon as {@code contextTargets} has anything in it, the SDK takes its order from there and looks
 * into {@code targets} only where {@code contextTargets} has an empty entry of kind user for the
 * same variation. So the first entry of another kind must bring such placeholders with it, or the
 * users' own targets would silently stop to count.
 */
final class ContextTargets {
  private static final String USER = "user";

  private final ObjectNode flag;

  ContextTargets(ObjectNode flag) {
    this.flag = flag;
  }

  /** Serves the contexts the variation {@code to} instead of {@code from}. */
  Edit serve(Audience.Contexts contexts, int from, int to) {
    String kind = contexts.kind();
    Set<String> moving = new HashSet<>(contexts.keys());
    for (String key : contexts.keys()) {
      int current = variationOf(flag, kind, key);
      if (current == to) {
        moving.remove(key);
      } else if (current >= 0 && current != from) {
        return new Edit.Impossible(
            "%s %s is targeted to another variation, %s"
                .formatted(kind, key, FlagJson.variations(flag).get(current)));
      }
    }
    if (moving.isEmpty()) {
      return new Edit.Impossible(
          "%s %s: served it already".formatted(kind, String.join(", ", contexts.keys())));
    }
    if (kind.equals(USER) && isDormant(to)) {
      return new Edit.Impossible(
          "the flag's user targets do not count, since its contextTargets do not name them");
    }
    boolean firstOfOtherKind = !kind.equals(USER) && flag.path("contextTargets").isEmpty();
    remove(kind, moving);
    List<String> inOrder = contexts.keys().stream().filter(moving::contains).distinct().toList();
    add(kind, inOrder, to);
    if (firstOfOtherKind) {
      flag.path("targets").forEach(target -> addPlaceholder(target.path("variation").asInt()));
    } else if (kind.equals(USER) && !flag.path("contextTargets").isEmpty()) {
      addPlaceholder(to);
    }
    return new Edit.Edited(flag);
  }

  /** Whether each of the contexts is served the variation by key. */
  boolean serves(Audience.Contexts contexts, int variation) {
    return contexts.keys().stream()
        .allMatch(key -> variationOf(flag, contexts.kind(), key) == variation);
  }

  /** Puts the contexts back to where they were targeted before, if anywhere. */
  void putBack(Audience.Contexts contexts, ObjectNode before) {
    remove(contexts.kind(), Set.copyOf(contexts.keys()));
    for (String key : contexts.keys()) {
      int variation = variationOf(before, contexts.kind(), key);
      if (variation >= 0) {
        add(contexts.kind(), List.of(key), variation);
      }
    }
  }

  private void add(String kind, List<String> keys, int variation) {
    ArrayNode targets = flag.withArrayProperty(list(kind));
    ObjectNode target = find(targets, kind, variation);
    if (target == null) {
      // First, so that it also counts for a context of several kinds.
      target = targets.insertObject(0);
      if (!kind.equals(USER)) {
        target.put("contextKind", kind);
      }
      target.put("variation", variation).putArray("values");
    }
    ArrayNode values = target.withArrayProperty("values");
    keys.forEach(values::add);
  }

  private void remove(String kind, Set<String> keys) {
    for (JsonNode target : flag.path(list(kind))) {
      if (kindOf(target).equals(kind) && target.path("values") instanceof ArrayNode values) {
        values.removeIf(value -> keys.contains(value.asText()));
      }
    }
  }

  private void addPlaceholder(int variation) {
    ArrayNode targets = flag.withArrayProperty("contextTargets");
    if (find(targets, USER, variation) == null) {
      targets.addObject().put("contextKind", USER).put("variation", variation).putArray("values");
    }
  }

  private boolean isDormant(int variation) {
    JsonNode order = flag.path("contextTargets");
    if (order.isEmpty() || find(order, USER, variation) != null) {
      return false;
    }
    ObjectNode target = find(flag.path("targets"), USER, variation);
    return target != null && !target.path("values").isEmpty();
  }

  private static int variationOf(JsonNode flag, String kind, String key) {
    for (JsonNode target : flag.path(list(kind))) {
      if (kindOf(target).equals(kind)) {
        for (JsonNode value : target.path("values")) {
          if (value.asText().equals(key)) {
            return target.path("variation").asInt(-1);
          }
        }
      }
    }
    return -1;
  }

  private static @Nullable ObjectNode find(JsonNode targets, String kind, int variation) {
    for (JsonNode target : targets) {
      if (target instanceof ObjectNode object
          && kindOf(target).equals(kind)
          && target.path("variation").asInt(-1) == variation) {
        return object;
      }
    }
    return null;
  }

  private static String kindOf(JsonNode target) {
    String kind = target.path("contextKind").asText();
    return kind.isEmpty() ? USER : kind;
  }

  private static String list(String kind) {
    return kind.equals(USER) ? "targets" : "contextTargets";
  }
}
