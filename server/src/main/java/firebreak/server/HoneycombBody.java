package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The JSON object of a request to a Honeycomb-compatible route. What is wrong with one of its keys
 * is a 422 that names it, as Honeycomb's own validation does.
 */
record HoneycombBody(JsonNode json) {

  /**
   * The object, if it has none but the known keys.
   *
   * @param what it is, for the message
   */
  static HoneycombBody read(RoutingContext ctx, String what, Set<String> known) throws IOException {
    JsonNode json = Json.MAPPER.readTree(Body.of(ctx));
    KnownKeys.check(what, json, known);
    return new HoneycombBody(json);
  }

  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** A text of so many characters; one that may be empty may be absent. */
  String text(String key, int least, int most) {
    if (least > 0 && !has(key)) {
      throw Refusal.invalid(key, "missing", "is missing");
    }
    return checked(key, () -> JsonKeys.text(json, key, least, most));
  }

  /** A text that is one of those. */
  String choice(String key, String otherwise, Set<String> choices) {
    String chosen = has(key) ? text(key, 0, 255) : otherwise;
    if (!choices.contains(chosen)) {
      throw Refusal.invalid(
          key,
          has(key) ? "invalid" : "missing",
          "is one of %s, was '%s'".formatted(new TreeSet<>(choices), chosen));
    }
    return chosen;
  }

  /** A whole number that must be there. */
  int whole(String key, long least, long most) {
    if (!has(key)) {
      throw Refusal.invalid(key, "missing", "is missing");
    }
    return Math.toIntExact(checked(key, () -> JsonKeys.whole(json, key, least, least, most)));
  }

  /** A key that would mean nothing here. */
  void refuse(String key, String why) {
    if (has(key)) {
      throw Refusal.invalid(key, "invalid", why);
    }
  }

  /** An object that must be there, with none but the known keys. */
  HoneycombBody object(String key, Set<String> known) {
    if (!has(key)) {
      throw Refusal.invalid(key, "missing", "is missing");
    }
    return checked(
        key,
        () -> {
          KnownKeys.check(key, json.path(key), known);
          return new HoneycombBody(json.path(key));
        });
  }

  /** What the reader makes of it, with what is wrong told of that key. */
  static <T> T checked(String key, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String prefix = key + " ";
      throw Refusal.invalid(
          key,
          "invalid",
          message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }
  }
}
