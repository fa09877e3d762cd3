package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What LaunchDarkly keeps of one project with one environment: flags, segments, the audit log. Its
 * REST API and its SDKs see the same state in two shapes.
 */
final class FakeEnvironment {
  private static final long CHANGE_MILLIS = 60_000;

  private final String name;
  private final Map<String, ObjectNode> flags = new LinkedHashMap<>();
  private final ObjectNode segments = FlagJson.MAPPER.createObjectNode();
  private final List<ObjectNode> audit = new ArrayList<>();
  private final List<Consumer<String>> listeners = new ArrayList<>();
  private long now = 1_780_000_000_000L;
  private long ids = 1;

  FakeEnvironment(String name) {
    this.name = name;
  }

  /** Calls with the key of each flag that changes, under the lock of this state. */
  synchronized void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** Adds a flag given in the shape that SDKs and files have. */
  synchronized void addFlag(ObjectNode sdk) {
    ObjectNode flag = FlagJson.MAPPER.createObjectNode();
    flag.put("key", sdk.path("key").asText()).put("kind", "multivariate").put("_version", 1);
    flag.put("temporary", sdk.path("temporary").asBoolean(true));
    flag.put("archived", sdk.path("archived").asBoolean(false));
    flag.putArray("tags").addAll(sdk.withArrayProperty("tags"));
    ArrayNode variations = flag.putArray("variations");
    sdk.path("variations")
        .forEach(value -> variations.addObject().put("_id", id()).set("value", value));
    ObjectNode configuration = flag.putObject("environments").putObject(name);
    sdk.properties().stream()
        .filter(part -> !List.of("key", "variations", "tags").contains(part.getKey()))
        .forEach(part -> configuration.set(part.getKey(), part.getValue()));
    for (String list : List.of("targets", "contextTargets", "rules", "prerequisites")) {
      configuration.withArrayProperty(list);
    }
    nameRules(configuration);
    configuration.put("archived", false).put("lastModified", now).put("sel", "s");
    flags.put(sdk.path("key").asText(), flag);
    tell(sdk.path("key").asText());
  }

  synchronized void archive(String key) {
    ObjectNode flag = flags.get(key);
    if (flag != null) {
      flag.put("archived", true);
      tell(key);
    }
  }

  synchronized void delete(String key) {
    flags.remove(key);
  }

  synchronized void addSegment(ObjectNode segment) {
    segments.set(segment.path("key").asText(), segment);
  }

  synchronized List<String> keys() {
    return List.copyOf(flags.keySet());
  }

  /** The flag as the REST API gives it, a copy. */
  synchronized @Nullable ObjectNode flag(String key) {
    ObjectNode flag = flags.get(key);
    return flag == null ? null : flag.deepCopy();
  }

  /** The flag as it would be after a JSON Patch. */
  synchronized ObjectNode preview(String key, JsonNode patch, boolean ignoreTests)
      throws JsonPatch.Failed {
    ObjectNode before = flags.get(key);
    if (before == null) {
      throw new JsonPatch.Failed(false, "no flag " + key);
    }
    ObjectNode after = JsonPatch.apply(before, patch, ignoreTests);
    ObjectNode configuration = (ObjectNode) after.path("environments").path(name);
    if (!configuration.equals(before.path("environments").path(name))) {
      nameRules(configuration);
      configuration.put("version", configuration.path("version").asLong() + 1);
      configuration.put("lastModified", now + CHANGE_MILLIS);
    }
    return after;
  }

  /** Changes a flag by a JSON Patch, as a whole or not at all. */
  synchronized ObjectNode patch(String key, JsonNode patch, String comment, boolean ignoreTests)
      throws JsonPatch.Failed {
    return put(key, preview(key, patch, ignoreTests), comment, "");
  }

  /** A member puts the environment's part of a flag in place of the one there. */
  synchronized void replace(String key, ObjectNode configuration, String comment, String member) {
    try {
      ObjectNode operation = FlagJson.MAPPER.createObjectNode();
      operation.put("op", "replace").put("path", "/environments/" + name);
      operation.set("value", configuration);
      ArrayNode patch = FlagJson.MAPPER.createArrayNode().add(operation);
      put(key, preview(key, patch, false), comment, member);
    } catch (JsonPatch.Failed e) {
      throw new IllegalArgumentException(e);
    }
  }

  synchronized long now() {
    return now;
  }

  private ObjectNode put(String key, ObjectNode after, String comment, String member) {
    ObjectNode before = flags.put(key, after);
    if (!after.equals(before)) {
      now += CHANGE_MILLIS;
      ObjectNode entry = FlagJson.MAPPER.createObjectNode();
      entry.put("_id", id()).put("date", now).put("kind", "flag").put("name", key);
      entry.put("comment", comment).put("titleVerb", "updated the flag");
      if (!member.isEmpty()) {
        entry.putObject("member").put("email", member);
      }
      entry
          .putObject("target")
          .putArray("resources")
          .add("proj/%s:env/%s:flag/%s".formatted(FakeLaunchDarkly.PROJECT, name, key));
      entry.set("previousVersion", before);
      entry.set("currentVersion", after.deepCopy());
      audit.addFirst(entry);
      tell(key);
    }
    return after.deepCopy();
  }

  /** The audit log, newest first. */
  synchronized List<ObjectNode> audit() {
    return List.copyOf(audit);
  }

  /** Everything as SDKs get it. */
  synchronized ObjectNode all() {
    ObjectNode all = FlagJson.MAPPER.createObjectNode();
    ObjectNode sdkFlags = all.putObject("flags");
    flags.keySet().forEach(key -> sdkFlags.set(key, sdkFlag(key)));
    all.set("segments", segments.deepCopy());
    return all;
  }

  /** One flag as SDKs get it. */
  synchronized ObjectNode sdkFlag(String key) {
    ObjectNode flag = flags.getOrDefault(key, FlagJson.MAPPER.createObjectNode());
    ObjectNode sdk = ((ObjectNode) flag.path("environments").path(name)).deepCopy();
    sdk.put("key", key).remove(List.of("lastModified", "sel", "archived"));
    ArrayNode values = sdk.putArray("variations");
    flag.path("variations").forEach(variation -> values.add(variation.path("value")));
    for (JsonNode rule : sdk.path("rules")) {
      ((ObjectNode) rule).set("id", rule.path("_id"));
    }
    return sdk;
  }

  private void nameRules(ObjectNode configuration) {
    for (JsonNode rule : configuration.path("rules")) {
      if (!rule.has("_id")) {
        ((ObjectNode) rule).put("_id", id());
      }
    }
  }

  private void tell(String key) {
    listeners.forEach(listener -> listener.accept(key));
  }

  private String id() {
    return "id-" + ids++;
  }
}
