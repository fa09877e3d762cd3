package firebreak.webhooks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of somebody else's, read with complaints that name the field.
 *
 * @param path where it stands in the whole, empty at the top
 */
record Payload(JsonNode json, String path) {
  static final int NESTING_AT_MOST = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_AT_MOST)
                          .maxDocumentLength(Inbox.BODY_BYTES_AT_MOST)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** As GitLab and Buildkite write some times: {@code 2026-03-01 12:00:00 UTC}, or an offset. */
  private static final Pattern RUBY_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d (UTC|[+-]\\d{4})");

  private static final DateTimeFormatter RUBY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss [xx][z]", Locale.ROOT);

  static final Payload EMPTY = new Payload(MAPPER.createObjectNode(), "");

  static Payload parse(byte[] body) {
    JsonNode json;
    try {
      json = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!json.isObject()) {
      throw new IllegalArgumentException("the body must be a JSON object");
    }
    return new Payload(json, "");
  }

  boolean has(String name) {
    return json.hasNonNull(name);
  }

  List<String> names() {
    return json.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Any JSON, null where there is none. */
  @Nullable JsonNode any(String name) {
    return json.get(name);
  }

  /** The first that is told. */
  static Instant first(@Nullable Instant first, @Nullable Instant second, Instant last) {
    if (first != null) {
      return first;
    }
    return second != null ? second : last;
  }

  /** The first that is told, null where none is. */
  static @Nullable Instant orElse(@Nullable Instant first, @Nullable Instant second) {
    return first == null ? second : first;
  }

  /** The first of the texts that is not empty; empty where all are. */
  static String firstNonEmpty(Payload payload, String... names) {
    for (String name : names) {
      String text = payload.text(name);
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** The first line of a message, as long as a line on the timeline is. */
  static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("").strip();
    return line.length() <= 200 ? line : line.substring(0, 199) + "…";
  }

  /** The object under the name; an empty one where there is none. */
  Payload object(String name) {
    JsonNode child = json.path(name);
    if (child.isMissingNode() || child.isNull()) {
      return new Payload(MAPPER.createObjectNode(), name(name));
    }
    if (!child.isObject()) {
      throw wrong(name, "an object", child);
    }
    return new Payload(child, name(name));
  }

  /** The objects in the array under the name; none where there is no array. */
  List<Payload> objects(String name) {
    JsonNode child = json.path(name);
    if (child.isMissingNode() || child.isNull()) {
      return List.of();
    }
    if (!child.isArray()) {
      throw wrong(name, "an array", child);
    }
    return StreamSupport.stream(child.spliterator(), false)
        .filter(JsonNode::isObject)
        .map(each -> new Payload(each, name(name)))
        .toList();
  }

  List<String> texts(String name) {
    return StreamSupport.stream(json.path(name).spliterator(), false)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .toList();
  }

  /** The text, empty where there is none. */
  String text(String name) {
    JsonNode child = json.path(name);
    if (child.isMissingNode() || child.isNull()) {
      return "";
    }
    if (!child.isTextual()) {
      throw wrong(name, "a string", child);
    }
    return child.textValue();
  }

  String requiredText(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      throw new IllegalArgumentException(name(name) + " is missing");
    }
    return text;
  }

  /** A text or a whole number, as text; empty where there is none. */
  String textOrNumber(String name) {
    JsonNode child = json.path(name);
    return child.isIntegralNumber() ? child.asText() : text(name);
  }

  /** A whole number, as text. */
  String requiredNumber(String name) {
    JsonNode child = json.path(name);
    if (child.isMissingNode() || child.isNull()) {
      throw new IllegalArgumentException(name(name) + " is missing");
    }
    if (!child.isIntegralNumber()) {
      throw wrong(name, "a whole number", child);
    }
    return child.asText();
  }

  boolean isTrue(String name) {
    return json.path(name).isBoolean() && json.path(name).booleanValue();
  }

  /** A time in RFC 3339, as Ruby writes it, or in Unix seconds; null where there is none. */
  @Nullable Instant time(String name) {
    JsonNode child = json.path(name);
    if (child.isIntegralNumber() && child.canConvertToLong()) {
      return instant(name, child.longValue(), 1_000);
    }
    String text = text(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return RUBY_TIME.matcher(text).matches()
          ? ZonedDateTime.parse(text, RUBY).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s must be a time such as 2026-03-01T12:00:00Z, was \"%s\""
              .formatted(name(name), shortened(text)),
          e);
    }
  }

  Instant requiredMillis(String name) {
    requiredNumber(name);
    return instant(name, json.path(name).longValue(), 1);
  }

  /** The address if it is one a person can follow; anything else could be a script. */
  String webAddress(String name) {
    String address = text(name);
    String lower = address.toLowerCase(Locale.ROOT);
    return lower.startsWith("https://") || lower.startsWith("http://") ? address : "";
  }

  /** The field's name from the top of the body. */
  String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private Instant instant(String name, long number, long millisEach) {
    long limit = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli() / millisEach;
    if (number < 0 || number > limit) {
      throw new IllegalArgumentException(
          "%s must lie between 0 and %d, was %d".formatted(name(name), limit, number));
    }
    return Instant.ofEpochMilli(number * millisEach);
  }

  private IllegalArgumentException wrong(String name, String expected, JsonNode was) {
    return new IllegalArgumentException(
        "%s must be %s, was %s".formatted(name(name), expected, shortened(was.toString())));
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
