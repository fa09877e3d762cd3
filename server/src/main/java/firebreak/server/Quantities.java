package firebreak.server;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads quantities as people write them: {@code 90s}, {@code 60d}, {@code 512m}, {@code 2g}. */
final class Quantities {
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,9})\\s*([a-z]*)");

  private Quantities() {}

  static Duration duration(String text) {
    Matcher matcher = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      switch (matcher.group(2)) {
        case "ms" -> {
          return Duration.ofMillis(number);
        }
        case "s" -> {
          return Duration.ofSeconds(number);
        }
        case "m" -> {
          return Duration.ofMinutes(number);
        }
        case "h" -> {
          return Duration.ofHours(number);
        }
        case "d" -> {
          return Duration.ofDays(number);
        }
        case "w" -> {
          return Duration.ofDays(7 * number);
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "a duration is a number and ms, s, m, h, d or w, was '" + text + "'");
  }

  /** In bytes. */
  static long size(String text) {
    Matcher matcher = QUANTITY.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      switch (matcher.group(2)) {
        case "", "b" -> {
          return number;
        }
        case "k", "kb", "kib" -> {
          return number << 10;
        }
        case "m", "mb", "mib" -> {
          return number << 20;
        }
        case "g", "gb", "gib" -> {
          return number << 30;
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("a size is a number and k, m or g, was '" + text + "'");
  }
}
