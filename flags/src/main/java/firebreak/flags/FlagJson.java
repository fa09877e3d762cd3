package firebreak.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.LDValueType;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** JSON as flags need it: numbers keep their digits, keys their order, and a hash ignores both. */
final class FlagJson {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final JsonMapper CANONICAL =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  private FlagJson() {}

  /** SHA-256, hex, of the node with its keys sorted and without white space. */
  static String hash(JsonNode node) {
    try {
      byte[] canonical = CANONICAL.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** An object out of JSON text that was written here or by a provider. */
  static ObjectNode object(String json) {
    try {
      if (MAPPER.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a flag's definition is JSON: " + firstLine(e), e);
    }
    throw new IllegalArgumentException("a flag's definition is a JSON object, was " + json);
  }

  /** A served value as text: a string as it is, anything else as the SDK writes it in JSON. */
  static String text(LDValue value) {
    if (value.isNull()) {
      return "";
    }
    return value.getType() == LDValueType.STRING ? value.stringValue() : value.toJsonString();
  }

  /** The values of a flag's variations as text, by index. */
  static List<String> variations(JsonNode flag) {
    List<String> values = new ArrayList<>();
    for (JsonNode variation : flag.path("variations")) {
      values.add(text(LDValue.parse(variation.toString())));
    }
    return values;
  }

  /** What is wrong with JSON text and where, in one line. */
  static String firstLine(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    String what = e.getOriginalMessage().lines().findFirst().orElse("not JSON");
    return what.replaceAll("\\[Source: .*?; (line: \\d+, column: \\d+)\\]", "$1") + where;
  }
}
