package firebreak.server;

import firebreak.eventstore.TimeRange;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a request says besides its body. */
final class Parameters {
  private Parameters() {}

  /** The part of the path that the route names. */
  static String path(RoutingContext ctx, String name) {
    @Nullable String value = ctx.pathParam(name);
    if (value == null) {
      throw new IllegalStateException("the route has no part named " + name);
    }
    return value;
  }

  /** The range from {@code since} to the given end, so long when {@code since} is not asked for. */
  static TimeRange since(RoutingContext ctx, Instant until, Duration otherwise) {
    return QueryTime.reachable(
        () -> new TimeRange(time(ctx, "since", until.minus(otherwise)), until));
  }

  /** A time that the query names: RFC 3339 or Unix seconds. */
  static Instant time(RoutingContext ctx, String name, Instant otherwise) {
    @Nullable String text = ctx.queryParams().get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return text.matches("\\d+(\\.\\d+)?")
          ? Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1_000))
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s is RFC 3339 such as 2026-01-31T12:00:00Z, or Unix seconds, was %s"
              .formatted(name, text),
          e);
    }
  }

  /** Whether the query says true. */
  static boolean flag(RoutingContext ctx, String name) {
    String text = Objects.requireNonNullElse(ctx.queryParams().get(name), "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("%s is true or false, was %s".formatted(name, text));
    }
    return text.equals("true");
  }

  /** A length of time: seconds, or a number with a unit such as 5m. */
  static Duration duration(String name, String text) {
    try {
      return text.matches("\\d{1,9}")
          ? Duration.ofSeconds(Long.parseLong(text))
          : Quantities.duration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is seconds, or like 30s, 5m or 1h, was '%s'".formatted(name, text), e);
    }
  }

  /** The Content-Type without its parameters, in lower case; empty when there is none. */
  static String mediaType(RoutingContext ctx) {
    @Nullable String type = ctx.request().getHeader("Content-Type");
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
