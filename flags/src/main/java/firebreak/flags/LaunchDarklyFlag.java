package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A flag of LaunchDarkly's REST API in one environment.
 *
 * @param flag what belongs to all environments
 * @param definition the environment's targeting with the variations' values, in the shape that a
 *     flag file has
 */
record LaunchDarklyFlag(JsonNode flag, ObjectNode definition) {
  private static final List<String> TARGETING =
      List.of(
          "version",
          "salt",
          "on",
          "archived",
          "prerequisites",
          "targets",
          "contextTargets",
          "rules",
          "fallthrough",
          "offVariation");

  /** The parts that a withdrawal may change, and its way back. */
  static final List<String> EDITED =
      List.of("on", "targets", "contextTargets", "rules", "fallthrough");

  /** Empty when this is no flag, or has no such environment. */
  static Optional<LaunchDarklyFlag> of(JsonNode flag, String environment) {
    JsonNode configuration = flag.path("environments").path(environment);
    if (!configuration.path("version").isIntegralNumber()) {
      return Optional.empty();
    }
    ObjectNode definition = FlagJson.MAPPER.createObjectNode();
    definition.set("key", flag.path("key"));
    for (String part : TARGETING) {
      if (configuration.has(part)) {
        definition.set(part, configuration.get(part));
      }
    }
    if (flag.path("archived").asBoolean(false)) {
      definition.put("archived", true);
    }
    ArrayNode values = definition.putArray("variations");
    flag.path("variations").forEach(variation -> values.add(variation.path("value")));
    return Optional.of(new LaunchDarklyFlag(flag, definition));
  }

  long version() {
    return definition.path("version").asLong();
  }

  String fence() {
    return Long.toString(version());
  }

  /** When the environment's part last changed, in Unix milliseconds; 0 when it is not said. */
  long lastModified(String environment) {
    return flag.path("environments").path(environment).path("lastModified").asLong(0);
  }

  /** LaunchDarkly's own id of a variation. */
  String variationId(int index) {
    return flag.path("variations").path(index).path("_id").asText();
  }

  /** The index of the variation of that id; -1 when there is none. */
  int variation(String id) {
    for (int i = 0; i < flag.path("variations").size(); i++) {
      if (variationId(i).equals(id)) {
        return i;
      }
    }
    return -1;
  }

  FlagState state() {
    List<String> variations = FlagJson.variations(definition);
    int off = definition.path("offVariation").asInt(-1);
    Set<String> tags = new HashSet<>();
    flag.path("tags").forEach(tag -> tags.add(tag.asText()));
    return new FlagState(
        flag.path("key").asText(),
        fence(),
        definition.path("on").asBoolean(false),
        variations,
        off >= 0 && off < variations.size() ? variations.get(off) : null,
        flag.path("temporary").asBoolean(false),
        definition.path("archived").asBoolean(false),
        tags,
        definition.toString());
  }

  /**
   * A JSON Patch from this definition to the other that applies only if the version is still the
   * one expected: LaunchDarkly refuses the whole patch when its test fails.
   */
  ArrayNode patchTo(ObjectNode after, String environment, long expectedVersion) {
    String root = "/environments/" + environment.replace("~", "~0").replace("/", "~1") + "/";
    ArrayNode patch = FlagJson.MAPPER.createArrayNode();
    patch.addObject().put("op", "test").put("path", root + "version").put("value", expectedVersion);
    for (String part : EDITED) {
      JsonNode old = definition.path(part);
      JsonNode wanted = after.path(part);
      if (old.equals(wanted)) {
        continue;
      }
      ObjectNode operation = patch.addObject();
      int removed = part.equals("rules") ? onlyRemoved(old, wanted) : -1;
      if (part.equals("rules") && onlyRemoved(wanted, old) == 0) {
        // LaunchDarkly names rules itself.
        JsonNode rule = ((ObjectNode) wanted.path(0).deepCopy()).without("id");
        operation.put("op", "add").put("path", root + "rules/0").set("value", rule);
      } else if (removed >= 0) {
        operation.put("op", "remove").put("path", root + "rules/" + removed);
      } else {
        operation.put("op", old.isMissingNode() ? "add" : "replace").put("path", root + part);
        operation.set("value", wanted);
      }
    }
    return patch;
  }

  /** The index of the one element that {@code fewer} lacks of {@code more}; -1 when not so. */
  private static int onlyRemoved(JsonNode more, JsonNode fewer) {
    if (!more.isArray() || !fewer.isArray() || more.size() != fewer.size() + 1) {
      return -1;
    }
    int index = 0;
    while (index < fewer.size() && more.path(index).equals(fewer.path(index))) {
      index++;
    }
    ArrayNode rest = more.deepCopy();
    rest.remove(index);
    return rest.equals(fewer) ? index : -1;
  }
}
