package firebreak.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of the configuration file, with the line it stands on. */
sealed interface Setting {
  int line();

  /** A single value as it was written; empty when nothing was. */
  record Scalar(int line, String text) implements Setting {}

  record Sequence(int line, List<Setting> items) implements Setting {}

  /** Values by key. */
  record Mapping(int line, Map<String, Entry> entries) implements Setting {}

  /** A value and the line of its key. */
  record Entry(int line, Setting value) {}

  /** Reads a YAML document; an empty one is an empty mapping. */
  static Setting read(String file, String yaml) {
    try (JsonParser parser = new YAMLFactory().createParser(yaml)) {
      Setting setting =
          parser.nextToken() == null ? new Mapping(1, Map.of()) : read(file, parser);
      if (parser.nextToken() != null) {
        throw new ConfigException(file + " holds more than one document");
      }
      return setting;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new ConfigException("%s:%d: not well-formed YAML: %s".formatted(file, line, why));
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage());
    }
  }

  private static Setting read(String file, JsonParser parser) throws IOException {
    int line = parser.currentTokenLocation().getLineNr();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Setting> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(file, parser));
      }
      return new Sequence(line, items);
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int keyLine = parser.currentTokenLocation().getLineNr();
        String key = parser.currentName();
        parser.nextToken();
        if (entries.put(key, new Entry(keyLine, read(file, parser))) != null) {
          throw new ConfigException("%s:%d: %s is set twice".formatted(file, keyLine, key));
        }
      }
      return new Mapping(line, entries);
    }
    return new Scalar(
        line, parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getText());
  }
}
