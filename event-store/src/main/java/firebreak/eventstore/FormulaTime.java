package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Times in formulas. */
final class FormulaTime {
  private static final String CONVERSIONS = "aAbBcCdDeFgGhHIjmMnprRsStTuUVwWxXyYzZ%";

  /** Those of the conversions, as they come to be needed. */
  private static final Map<String, DateTimeFormatter> FORMATTERS = new ConcurrentHashMap<>();

  private FormulaTime() {}

  static @Nullable Value seconds(@Nullable Value value) {
    if (!(value instanceof Value.Text(String text))) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      return Value.number(Times.nanos(time) / 1e9);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Checks a format that is there before any event is. */
  static void check(@Nullable Value format) {
    if (!(format instanceof Value.Text(String text))) {
      throw new IllegalArgumentException(
          "FORMAT_TIME takes a format such as \"%Y-%m-%d\" first, then a time in seconds");
    }
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 2)) {
      if (at + 1 >= text.length() || CONVERSIONS.indexOf(text.charAt(at + 1)) < 0) {
        throw new IllegalArgumentException(
            "the time format %s has a %% that none of %s follows".formatted(text, CONVERSIONS));
      }
    }
  }

  static @Nullable Value formatted(@Nullable Value format, @Nullable Value seconds) {
    if (!(format instanceof Value.Text(String text)) || seconds == null || !seconds.isNumber()) {
      return null;
    }
    double since = seconds.asDouble();
    if (Math.abs(since) > Times.LAST.getEpochSecond()) {
      return null;
    }
    Instant instant = Instant.ofEpochSecond((long) Math.floor(since));
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    StringBuilder formatted = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        formatted.append(c);
      } else if (++i < text.length() && CONVERSIONS.indexOf(text.charAt(i)) >= 0) {
        formatted.append(converted(text.charAt(i), time));
      } else {
        return null;
      }
    }
    return Value.of(formatted.toString());
  }

  private static String converted(char conversion, LocalDateTime time) {
    return switch (conversion) {
      case 'a' -> by("EEE", time);
      case 'A' -> by("EEEE", time);
      case 'b', 'h' -> by("MMM", time);
      case 'B' -> by("MMMM", time);
      case 'c' -> by("EEE MMM ", time) + padded(time.getDayOfMonth()) + by(" HH:mm:ss uuuu", time);
      case 'C' -> "%02d".formatted(time.getYear() / 100);
      case 'd' -> by("dd", time);
      case 'D', 'x' -> by("MM/dd/uu", time);
      case 'e' -> padded(time.getDayOfMonth());
      case 'F' -> by("uuuu-MM-dd", time);
      case 'g' -> "%02d".formatted(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> by("HH", time);
      case 'I' -> by("hh", time);
      case 'j' -> by("DDD", time);
      case 'm' -> by("MM", time);
      case 'M' -> by("mm", time);
      case 'n' -> "\n";
      case 'p' -> by("a", time);
      case 'r' -> by("hh:mm:ss a", time);
      case 'R' -> by("HH:mm", time);
      case 's' -> Long.toString(time.toEpochSecond(ZoneOffset.UTC));
      case 'S' -> by("ss", time);
      case 't' -> "\t";
      case 'T', 'X' -> by("HH:mm:ss", time);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'U' -> week(time, time.getDayOfWeek().getValue() % 7);
      case 'V' -> "%02d".formatted(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'W' -> week(time, time.getDayOfWeek().getValue() - 1);
      case 'y' -> by("uu", time);
      case 'Y' -> by("uuuu", time);
      case 'z' -> "+0000";
      case 'Z' -> "UTC";
      default -> Character.toString(conversion);
    };
  }

  /** The week of the year, where days before the first weekday of the first week are week 0. */
  private static String week(LocalDateTime time, int daysSinceWeekBegan) {
    return "%02d".formatted((time.getDayOfYear() + 6 - daysSinceWeekBegan) / 7);
  }

  private static String padded(int day) {
    return "%2d".formatted(day);
  }

  private static String by(String pattern, LocalDateTime time) {
    return FORMATTERS
        .computeIfAbsent(pattern, each -> DateTimeFormatter.ofPattern(each, Locale.ENGLISH))
        .format(time);
  }
}
