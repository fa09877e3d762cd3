package firebreak.eventstore;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many single steps a regular expression comes to when its counted repetitions are written out:
 * a short one such as {@code ((a{99}){99}){99}} can be very long.
 */
final class PatternSize {
  private final String pattern;
  private final Deque<Long> groups = new ArrayDeque<>();
  private long size;
  private long last;
  private int at;

  private PatternSize(String pattern) {
    this.pattern = pattern;
  }

  static long of(String pattern) {
    return new PatternSize(pattern).count();
  }

  private long count() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      switch (c) {
        case '(' -> {
          groups.push(size);
          size = 0;
          last = 0;
        }
        case ')' -> {
          last = size;
          size = add(size, groups.isEmpty() ? 0 : groups.pop());
        }
        case '{' -> repeat();
        default -> {
          skipRest(c);
          last = 1;
          size = add(size, 1);
        }
      }
    }
    while (!groups.isEmpty()) {
      size = add(size, groups.pop());
    }
    return size;
  }

  private void skipRest(char c) {
    if (c == '\\') {
      at++;
    } else if (c == '[') {
      at += pattern.startsWith("^", at) ? 1 : 0;
      at += pattern.startsWith("]", at) ? 1 : 0;
      while (at < pattern.length() && pattern.charAt(at) != ']') {
        at += pattern.charAt(at) == '\\' ? 2 : 1;
      }
      at++;
    }
  }

  /** What was last counts as often as the greater number in the brackets says. */
  private void repeat() {
    int end = pattern.indexOf('}', at);
    String[] bounds = end < 0 ? new String[0] : pattern.substring(at, end).split(",", -1);
    long most = 1;
    for (String bound : bounds) {
      if (bound.length() <= 4 && bound.chars().allMatch(Character::isDigit) && !bound.isEmpty()) {
        most = Math.max(most, Integer.parseInt(bound));
      }
    }
    size = add(size - last, multiply(last, most));
    last = multiply(last, most);
    at = end < 0 ? at : end + 1;
  }

  private static long add(long a, long b) {
    return Math.min(a + b, Integer.MAX_VALUE);
  }

  private static long multiply(long a, long b) {
    return Math.min(a * b, Integer.MAX_VALUE);
  }
}
