package firebreak.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import firebreak.eventstore.Value;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Reads the fields of an event from a JSON object: nested objects are flattened with dots, arrays
 * and what is nested too deep are kept as JSON text, null is no value.
 */
final class FieldReader {
  private final JsonParser parser;
  private final Fields fields;

  private FieldReader(JsonParser parser, Fields fields) {
    this.parser = parser;
    this.fields = fields;
  }

  /** Reads the object at whose start the parser stands, up to its end, whatever is in it. */
  static void read(JsonParser parser, Fields fields) throws IOException {
    new FieldReader(parser, fields).object("", 1);
  }

  private void object(String prefix, int depth) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      switch (parser.nextToken()) {
        case START_OBJECT -> {
          if (!fields.mayGoOn(name)) {
            parser.skipChildren();
          } else if (depth < Limits.FLATTEN_DEPTH) {
            object(name + ".", depth + 1);
          } else {
            fields.put(name, Value.of(text()));
          }
        }
        case START_ARRAY -> fields.put(name, Value.of(text()));
        case VALUE_STRING -> fields.put(name, Value.of(parser.getText()));
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> fields.put(name, number());
        case VALUE_TRUE -> fields.put(name, Value.of(true));
        case VALUE_FALSE -> fields.put(name, Value.of(false));
        case VALUE_NULL -> {}
        case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
            throw new IllegalStateException("a value was expected for " + name);
      }
    }
  }

  private Value number() throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> Value.of(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> Value.number(parser.getDoubleValue());
    };
  }

  /** The array or object at whose start the parser stands, as JSON text. */
  private String text() throws IOException {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = Json.MAPPER.getFactory().createGenerator(out)) {
      generator.copyCurrentStructure(parser);
    }
    return out.toString();
  }
}
