package firebreak.slo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of YAML that knows the line it begins on. */
sealed interface YamlNode {

  /** Deeper nesting than this is refused. */
  int DEPTH_AT_MOST = 50;

  int line();

  /** Keys to nodes, in the order written. */
  record Mapping(int line, Map<String, YamlNode> entries, Map<String, Integer> keyLines)
      implements YamlNode {}

  /** One node after another. */
  record Sequence(int line, List<YamlNode> items) implements YamlNode {}

  /**
   * Text, a number, a truth value or nothing.
   *
   * @param text as written, without quotes
   */
  record Scalar(int line, @Nullable Object value, String text) implements YamlNode {}

  /** The documents in a text; empty ones are left out. */
  static List<YamlNode> documents(String yaml) {
    int line = 1;
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      List<YamlNode> documents = new ArrayList<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        line = parser.currentTokenLocation().getLineNr();
        YamlNode document = read(parser, token, 0);
        if (!(document instanceof Scalar scalar && scalar.value == null)) {
          documents.add(document);
        }
      }
      return documents;
    } catch (JsonProcessingException e) {
      int where = e.getLocation() == null ? line : e.getLocation().getLineNr();
      throw new YamlException(where, firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new YamlException(line, firstLine(String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("not YAML");
  }

  private static YamlNode read(JsonParser parser, JsonToken token, int depth) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (depth > DEPTH_AT_MOST) {
      throw new YamlException(line, "nested deeper than " + DEPTH_AT_MOST);
    }
    if (token == JsonToken.START_OBJECT) {
      return mapping(parser, line, depth);
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> items = new ArrayList<>();
      for (JsonToken next = next(parser); next != JsonToken.END_ARRAY; next = next(parser)) {
        items.add(read(parser, next, depth + 1));
      }
      return new Sequence(line, List.copyOf(items));
    }
    Object value =
        switch (token) {
          case VALUE_TRUE -> true;
          case VALUE_FALSE -> false;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
          case VALUE_NULL -> null;
          default -> parser.getText();
        };
    return new Scalar(line, value, parser.getText());
  }

  private static YamlNode mapping(JsonParser parser, int line, int depth) throws IOException {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Map<String, Integer> keyLines = new LinkedHashMap<>();
    for (JsonToken next = next(parser); next != JsonToken.END_OBJECT; next = next(parser)) {
      String key = parser.currentName();
      int keyLine = parser.currentTokenLocation().getLineNr();
      YamlNode value = read(parser, next(parser), depth + 1);
      if (entries.putIfAbsent(key, value) != null) {
        throw new YamlException(keyLine, "\"" + key + "\" is there twice");
      }
      keyLines.put(key, keyLine);
    }
    return new Mapping(line, entries, keyLines);
  }

  private static JsonToken next(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new YamlException(parser.currentLocation().getLineNr(), "ends too early");
    }
    return token;
  }

  /** What is wrong in a text, and on which line. */
  final class YamlException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final String what;

    YamlException(int line, String message) {
      super(message);
      this.line = line;
      this.what = message;
    }

    int line() {
      return line;
    }

    String what() {
      return what;
    }
  }
}
