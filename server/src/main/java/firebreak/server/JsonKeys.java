package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys of a JSON object; what is wrong with one names it. */
final class JsonKeys {
  private JsonKeys() {}

  /** A whole number, which may be absent or null. */
  static long whole(JsonNode holder, String key, long otherwise, long least, long most) {
    JsonNode node = holder.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    boolean isWhole =
        node.isNumber()
            && (node.canConvertToLong() && node.asDouble() == Math.rint(node.asDouble()));
    if (!isWhole || node.asLong() < least || node.asLong() > most) {
      throw new IllegalArgumentException(
          most == Long.MAX_VALUE
              ? "%s is a whole number, at least %d, was %s".formatted(key, least, node)
              : "%s is a whole number from %d to %d, was %s".formatted(key, least, most, node));
    }
    return node.asLong();
  }

  /** A truth value, which may be absent. */
  static boolean flag(JsonNode holder, String key, boolean otherwise) {
    JsonNode node = holder.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw new IllegalArgumentException("%s is true or false, was %s".formatted(key, node));
    }
    return node.asBoolean();
  }

  /** A text; empty if it is absent or null. */
  static String text(JsonNode holder, String key) {
    JsonNode node = holder.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return "";
    }
    if (!node.isTextual()) {
      throw new IllegalArgumentException("%s is a text, was %s".formatted(key, node));
    }
    return node.asText();
  }

  /** A text of so many characters. */
  static String text(JsonNode holder, String key, int least, int most) {
    String text = text(holder, key);
    if (text.length() < least || text.length() > most) {
      throw new IllegalArgumentException(
          "%s has %d to %d characters, had %d".formatted(key, least, most, text.length()));
    }
    return text;
  }

  /** A list of objects; empty if it is absent or null. */
  static List<JsonNode> list(JsonNode holder, String key, int most) {
    List<JsonNode> items = new ArrayList<>();
    JsonNode node = holder.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return items;
    }
    if (!node.isArray() || node.size() > most) {
      throw new IllegalArgumentException("%s is a list of at most %d".formatted(key, most));
    }
    node.forEach(items::add);
    return items;
  }
}
