package firebreak.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP's own dialect of JSON into a protobuf message. It differs from protobuf's in that ids
 * are hexadecimal and unknown fields are ignored, so protobuf's reader will not do.
 */
final class OtlpJson {
  private static final Set<String> HEX = Set.of("trace_id", "span_id", "parent_span_id");

  private final JsonParser parser;

  private OtlpJson(JsonParser parser) {
    this.parser = parser;
  }

  static Message read(byte[] json, Message.Builder builder) throws IOException {
    try (JsonParser parser = Json.MAPPER.getFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("an OTLP request is a JSON object");
      }
      new OtlpJson(parser).message(builder);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("the body goes on after its end");
      }
      return builder.build();
    }
  }

  private void message(Message.Builder builder) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      @Nullable FieldDescriptor field = field(builder.getDescriptorForType());
      JsonToken token = parser.nextToken();
      if (field == null || token == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (field.isRepeated()) {
        if (token != JsonToken.START_ARRAY) {
          throw wrong(field, "an array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          builder.addRepeatedField(field, value(builder, field));
        }
      } else {
        builder.setField(field, value(builder, field));
      }
    }
  }

  private @Nullable FieldDescriptor field(Descriptor type) throws IOException {
    String name = parser.currentName();
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJsonName().equals(name) || field.getName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private Object value(Message.Builder builder, FieldDescriptor field) throws IOException {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw wrong(field, "an object");
      }
      Message.Builder nested = builder.newBuilderForField(field);
      message(nested);
      return nested.build();
    }
    if (!parser.currentToken().isScalarValue()) {
      throw wrong(field, field.getJavaType().name().toLowerCase(Locale.ROOT));
    }
    String text = parser.getText();
    try {
      return scalar(field, text);
    } catch (IllegalArgumentException e) {
      throw wrong(field, field.getJavaType().name().toLowerCase(Locale.ROOT));
    }
  }

  private static Object scalar(FieldDescriptor field, String text) {
    return switch (field.getType()) {
      case STRING -> text;
      case BOOL -> bool(text);
      case DOUBLE -> Double.parseDouble(text);
      case FLOAT -> Float.parseFloat(text);
      case INT64, SINT64, SFIXED64 -> Long.parseLong(text);
      case UINT64, FIXED64 -> Long.parseUnsignedLong(text);
      case INT32, SINT32, SFIXED32 -> Integer.parseInt(text);
      case UINT32, FIXED32 -> Integer.parseUnsignedInt(text);
      case ENUM -> enumValue(field, text);
      case BYTES ->
          ByteString.copyFrom(
              HEX.contains(field.getName())
                  ? HexFormat.of().parseHex(text)
                  : Base64.getDecoder().decode(text));
      case MESSAGE, GROUP -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
    @Nullable EnumValueDescriptor named = field.getEnumType().findValueByName(text);
    return named == null
        ? field.getEnumType().findValueByNumberCreatingIfUnknown(Integer.parseInt(text))
        : named;
  }

  private IllegalArgumentException wrong(FieldDescriptor field, String expected) {
    return new IllegalArgumentException(
        "%s at line %d, column %d should be %s"
            .formatted(
                field.getJsonName(),
                parser.currentLocation().getLineNr(),
                parser.currentLocation().getColumnNr(),
                expected));
  }
}
