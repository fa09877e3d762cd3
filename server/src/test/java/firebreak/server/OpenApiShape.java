package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the description promises, held to what is sent and answered: whatever is named in an answer
 * must be seen, whatever is seen must be named, and have the type that is promised.
 */
final class OpenApiShape {
  /** Marks what is only there in a case that it names. */
  private static final String UNUSUAL = "x-when";

  private static final String JSON = "/content/application~1json/schema";

  private final JsonNode description;
  private final Set<String> promised = new TreeSet<>();
  private final Set<String> seen = new TreeSet<>();
  private final Set<String> wrong = new TreeSet<>();

  OpenApiShape(JsonNode description) {
    this.description = description;
    for (String operation : operations()) {
      for (Map.Entry<String, JsonNode> response : responses(operation).properties()) {
        if (!response.getKey().equals("default")) {
          promise(operation + " " + response.getKey(), response.getValue().at(JSON));
          promised.add(operation + " " + response.getKey());
        }
      }
    }
  }

  /** What can be asked, such as {@code get /api/v1/builds}. */
  List<String> operations() {
    List<String> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      path.getValue()
          .fieldNames()
          .forEachRemaining(one -> operations.add(one + " " + path.getKey()));
    }
    return operations;
  }

  /** For what is not asked here; says so if there is no such operation any more. */
  void leaveOut(String operation) {
    if (!promised.removeIf(one -> one.startsWith(operation + " "))) {
      wrong.add(operation + " is left out and is not there");
    }
  }

  private JsonNode operation(String operation) {
    String[] parts = operation.split(" ", 2);
    return description.path("paths").path(parts[1]).path(parts[0]);
  }

  private JsonNode responses(String operation) {
    return operation(operation).path("responses");
  }

  /** Holds what is sent to what is described; what is left out of it may be. */
  void checkSent(String operation, JsonNode body) {
    JsonNode schema = operation(operation).path("requestBody").at(JSON);
    check(operation + " sent", schema, body);
  }

  /** Holds an answer to what is promised for its status. */
  void check(String operation, Api.Reply reply) {
    JsonNode response = responses(operation).path("" + reply.status());
    String where = operation + " " + reply.status();
    if (response.isMissingNode()) {
      wrong.add(where + " is not promised: " + reply.body());
      return;
    }
    seen.add(where);
    JsonNode schema = response.at(JSON);
    if (!schema.isMissingNode()) {
      check(where, schema, reply.body());
    }
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
    schema.path("oneOf").forEach(one -> promise(where, one));
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

  private void check(String by, JsonNode described, JsonNode value) {
    JsonNode named = meant(described, value);
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
    } else if (value.isObject()) {
      checkFields(where, schema, value);
    }
  }

  /** Of several, the one whose needed fields are there. */
  private JsonNode meant(JsonNode schema, JsonNode value) {
    for (JsonNode one : schema.path("oneOf")) {
      boolean fits = true;
      for (JsonNode field : resolved(one).path("required")) {
        fits &= value.has(field.asText());
      }
      if (fits) {
        return one;
      }
    }
    return schema;
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
      } else if (!others.asBoolean(false)) {
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
