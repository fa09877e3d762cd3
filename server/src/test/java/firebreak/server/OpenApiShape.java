package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the description promises of the answers to GET, held to answers: whatever is named in it
 * must be seen, whatever is seen must be named, and have the type that is promised.
 */
final class OpenApiShape {
  /** Marks what is only there in a case that it names. */
  private static final String UNUSUAL = "x-when";

  private static final String SCHEMA = "/get/responses/200/content/application~1json/schema";

  private final JsonNode description;
  private final Set<String> promised = new TreeSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> wrong = new TreeSet<>();

  OpenApiShape(JsonNode description) {
    this.description = description;
  }

  /** The paths that can be got. */
  List<String> got() {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      if (path.getValue().has("get")) {
        paths.add(path.getKey());
      }
    }
    return paths;
  }

  void check(String path, JsonNode answer) {
    JsonNode schema = description.path("paths").path(path).at(SCHEMA);
    if (schema.isMissingNode()) {
      wrong.add(path + " promises no JSON");
    }
    promise(path, schema);
    check(path, schema, answer);
  }

  /** What is not as it was promised, and what was promised and not seen; empty if all is well. */
  List<String> wrong() {
    List<String> all = new ArrayList<>(wrong);
    for (String field : promised) {
      if (!seen.contains(field)) {
        all.add(field + " is promised and in no answer");
      }
    }
    return all;
  }

  private JsonNode resolved(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : description.at(reference.substring(1));
  }

  /** What is shared by name need be seen in one place only. */
  private static String place(String where, JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? where : reference.substring(reference.lastIndexOf('/') + 1);
  }

  private void promise(String by, JsonNode named) {
    String where = place(by, named);
    JsonNode schema = resolved(named);
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      if (!field.getValue().has(UNUSUAL)) {
        promised.add(where + "." + field.getKey());
      }
      promise(where + "." + field.getKey(), field.getValue());
    }
    if (schema.has("items")) {
      promise(where + "[]", schema.path("items"));
    }
    if (schema.path("additionalProperties").isObject()) {
      promise(where + ".*", schema.path("additionalProperties"));
    }
  }

  private void check(String by, JsonNode named, JsonNode value) {
    String where = place(by, named);
    JsonNode schema = resolved(named);
    for (JsonNode field : named.path("required")) {
      checkHas(where, field.asText(), value);
    }
    if (!fits(named.has("type") ? named.path("type") : schema.path("type"), value)) {
      wrong.add("%s is %s, not %s".formatted(where, value, schema.path("type")));
    }
    if (schema.isEmpty()) {
      return; // anything, said on purpose
    }
    if (value.isArray()) {
      if (!schema.has("items")) {
        wrong.add(where + " is a list of nobody knows what");
      }
      value.forEach(item -> check(where + "[]", schema.path("items"), item));
    } else if (value.isObject() && !schema.path("additionalProperties").asBoolean(false)) {
      checkFields(where, schema, value);
    }
  }

  private void checkHas(String where, String field, JsonNode value) {
    if (value.isObject() && !value.has(field)) {
      wrong.add("%s lacks %s".formatted(where, field));
    }
  }

  private void checkFields(String where, JsonNode schema, JsonNode value) {
    JsonNode others = schema.path("additionalProperties");
    for (JsonNode field : schema.path("required")) {
      checkHas(where, field.asText(), value);
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode promise = schema.path("properties").path(field.getKey());
      String name =
          where + "." + (promise.isMissingNode() && others.isObject() ? "*" : field.getKey());
      if (!promise.isMissingNode()) {
        seen.add(name);
        check(name, promise, field.getValue());
      } else if (others.isObject()) {
        check(name, others, field.getValue());
      } else {
        wrong.add(name + " is not promised");
      }
    }
  }

  /** Whether it is of the type, or of one of them; where none is named anything is. */
  private static boolean fits(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (JsonNode one : type) {
        if (fits(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText("any")) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      case "null" -> value.isNull();
      default -> true;
    };
  }
}
