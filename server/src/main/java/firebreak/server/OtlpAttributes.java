package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import firebreak.eventstore.Value;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns OTLP attributes into fields: maps flattened with dots, arrays kept as JSON text. */
final class OtlpAttributes {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private OtlpAttributes() {}

  static void put(Fields fields, List<KeyValue> attributes) {
    for (KeyValue attribute : attributes) {
      put(fields, attribute.getKey(), attribute.getValue(), 1);
    }
  }

  static void put(Fields fields, String name, AnyValue value) {
    put(fields, name, value, 1);
  }

  private static void put(Fields fields, String name, AnyValue value, int depth) {
    if (value.hasKvlistValue() && depth < Limits.FLATTEN_DEPTH) {
      if (!fields.mayGoOn(name)) {
        return;
      }
      for (KeyValue entry : value.getKvlistValue().getValuesList()) {
        put(fields, name + "." + entry.getKey(), entry.getValue(), depth + 1);
      }
      return;
    }
    Value plain = value(value);
    if (plain != null) {
      fields.put(name, plain);
    }
  }

  /** The attribute's value; null where it is absent or empty. */
  static @Nullable Value find(List<KeyValue> attributes, String name) {
    for (KeyValue attribute : attributes) {
      if (attribute.getKey().equals(name)) {
        return value(attribute.getValue());
      }
    }
    return null;
  }

  static @Nullable Value value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> Value.of(value.getStringValue());
      case BOOL_VALUE -> Value.of(value.getBoolValue());
      case INT_VALUE -> Value.of(value.getIntValue());
      case DOUBLE_VALUE -> Value.number(value.getDoubleValue());
      case BYTES_VALUE -> Value.of(base64(value.getBytesValue()));
      case ARRAY_VALUE, KVLIST_VALUE -> Value.of(json(value).toString());
      // An index into a table that only profiles carry means nothing here.
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> null;
    };
  }

  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static JsonNode json(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> NODES.textNode(value.getStringValue());
      case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
      case INT_VALUE -> NODES.numberNode(value.getIntValue());
      case DOUBLE_VALUE -> NODES.numberNode(value.getDoubleValue());
      case BYTES_VALUE -> NODES.textNode(base64(value.getBytesValue()));
      case ARRAY_VALUE -> {
        ArrayNode array = NODES.arrayNode();
        value.getArrayValue().getValuesList().forEach(item -> array.add(json(item)));
        yield array;
      }
      case KVLIST_VALUE -> {
        ObjectNode object = NODES.objectNode();
        value
            .getKvlistValue()
            .getValuesList()
            .forEach(entry -> object.set(entry.getKey(), json(entry.getValue())));
        yield object;
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> NODES.nullNode();
    };
  }
}
