package firebreak.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Small pieces of JSON trees: values, times, lists. */
final class JsonTree {
  private JsonTree() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static <T> ArrayNode array(Collection<T> items, Function<? super T, ? extends JsonNode> view) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    items.forEach(item -> array.add(view.apply(item)));
    return array;
  }

  static ArrayNode texts(Collection<String> items) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    items.forEach(array::add);
    return array;
  }

  /** A number, or null for one that is not finite, which JSON cannot say. */
  static JsonNode number(double number) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    if (!Double.isFinite(number)) {
      return factory.nullNode();
    }
    boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return isWhole ? factory.numberNode((long) number) : factory.numberNode(number);
  }

  static JsonNode time(@Nullable Instant time) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return time == null ? factory.nullNode() : factory.textNode(time.toString());
  }

  static JsonNode value(@Nullable Value value) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return switch (value) {
      case null -> factory.nullNode();
      case Value.Text text -> factory.textNode(text.text());
      case Value.Whole whole -> factory.numberNode(whole.number());
      case Value.Real real -> factory.numberNode(real.number());
      case Value.Truth truth -> factory.booleanNode(truth.truth());
    };
  }

  /** The value of a scalar; an array or object has none. */
  static Value value(JsonNode node) {
    if (node.isTextual()) {
      return Value.of(node.asText());
    }
    if (node.isBoolean()) {
      return Value.of(node.asBoolean());
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Value.of(node.asLong());
    }
    if (node.isNumber()) {
      return Value.number(node.asDouble());
    }
    throw new IllegalArgumentException(
        "a value is text, a number or true or false, was " + node.getNodeType());
  }

  /** JSON text as a tree; text that is not JSON stays text. */
  static JsonNode parsed(String text) {
    if (text.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }
}
