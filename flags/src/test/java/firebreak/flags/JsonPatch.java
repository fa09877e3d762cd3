package firebreak.flags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 6902 as far as LaunchDarkly's clients use it: test, add, replace and remove. */
final class JsonPatch {

  /** An operation that cannot be carried out, so none of the patch is. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean test;

    Failed(boolean test, String why) {
      super(why);
      this.test = test;
    }

    /** Whether it was a test that failed, and not a mistake. */
    boolean isTest() {
      return test;
    }
  }

  private JsonPatch() {}

  /** The document after the patch; the one given stays as it is. */
  static ObjectNode apply(ObjectNode document, JsonNode patch, boolean ignoreTests) throws Failed {
    ObjectNode result = document.deepCopy();
    for (JsonNode operation : patch) {
      String path = operation.path("path").asText();
      if (!path.startsWith("/")) {
        throw new Failed(false, "no path in " + operation);
      }
      int slash = path.lastIndexOf('/');
      JsonNode parent = result.at(path.substring(0, slash));
      String name = path.substring(slash + 1).replace("~1", "/").replace("~0", "~");
      switch (parent) {
        case ObjectNode object -> inObject(object, name, operation, ignoreTests);
        case ArrayNode array -> inArray(array, name, operation);
        default -> throw new Failed(false, "nothing at " + path);
      }
    }
    return result;
  }

  private static void inObject(ObjectNode object, String name, JsonNode operation, boolean lenient)
      throws Failed {
    String kind = operation.path("op").asText();
    if (!kind.equals("add") && !object.has(name)) {
      throw new Failed(kind.equals("test"), "nothing to " + kind + " at " + operation);
    }
    switch (kind) {
      case "add", "replace" -> object.set(name, operation.path("value"));
      case "remove" -> object.remove(name);
      case "test" -> {
        JsonNode expected = operation.path("value");
        boolean equal =
            expected.isNumber()
                ? expected.asLong() == object.path(name).asLong()
                : expected.equals(object.get(name));
        if (!equal && !lenient) {
          throw new Failed(true, "test failed, the value is " + object.get(name));
        }
      }
      default -> throw new Failed(false, "unknown operation " + kind);
    }
  }

  private static void inArray(ArrayNode array, String name, JsonNode operation) throws Failed {
    int index = name.equals("-") ? array.size() : Integer.parseInt(name);
    String kind = operation.path("op").asText();
    if (index > array.size() || (index == array.size() && !kind.equals("add"))) {
      throw new Failed(false, "no element " + index);
    }
    switch (kind) {
      case "add" -> array.insert(index, operation.path("value"));
      case "replace" -> array.set(index, operation.path("value"));
      case "remove" -> array.remove(index);
      default -> throw new Failed(false, "unknown operation on an array " + kind);
    }
  }
}
