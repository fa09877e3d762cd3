package firebreak.eventstore;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** What formulas do with text. Regular expressions take time in proportion to the text only. */
final class FormulaText {
  private FormulaText() {}

  /** The regular expression of an argument, which must be there before any event is. */
  static Pattern pattern(Formula argument) {
    if (!(argument instanceof Formula.Literal(Value.Text(String text)))) {
      throw new IllegalArgumentException(
          "a regular expression is a text such as `^/api/`, no other value");
    }
    if (text.length() > Limits.PATTERN_LENGTH) {
      throw new IllegalArgumentException(
          "a regular expression has at most %d characters, had %d"
              .formatted(Limits.PATTERN_LENGTH, text.length()));
    }
    if (PatternSize.of(text) > Limits.PATTERN_STEPS) {
      throw new IllegalArgumentException(
          "the regular expression %s repeats so much that it has more than %d steps"
              .formatted(text, Limits.PATTERN_STEPS));
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the regular expression %s is wrong: %s".formatted(text, e.getDescription()), e);
    }
  }

  static boolean isUnit(Formula argument) {
    return argument instanceof Formula.Literal(Value.Text(String unit))
        && (unit.equals("bytes") || unit.equals("chars"));
  }

  static String display(@Nullable Value value) {
    if (value instanceof Value.Real(double real) && Math.abs(real) < 1e21) {
      return new BigDecimal(Double.toString(real)).toPlainString();
    }
    return value == null ? "" : value.display();
  }

  static Value concatenated(List<Formula> arguments, EventView event) {
    StringBuilder text = new StringBuilder();
    for (Formula argument : arguments) {
      text.append(display(argument.evaluate(event)));
      if (text.length() > Limits.TEXT_BYTES) {
        text.setLength(Limits.TEXT_BYTES);
        return Value.of(Normaliser.clean(text.toString()));
      }
    }
    return Value.of(text.toString());
  }

  static @Nullable Value lower(@Nullable Value value) {
    return value instanceof Value.Text(String text)
        ? Value.of(text.toLowerCase(Locale.ROOT))
        : null;
  }

  static Value both(@Nullable Value a, @Nullable Value b, BiPredicate<String, String> predicate) {
    return Value.of(
        a instanceof Value.Text(String text)
            && b instanceof Value.Text(String part)
            && predicate.test(text, part));
  }

  static Value matches(@Nullable Value value, Pattern pattern) {
    return Value.of(value instanceof Value.Text(String text) && pattern.matcher(text).find());
  }

  static @Nullable Value firstMatch(@Nullable Value value, Pattern pattern) {
    if (!(value instanceof Value.Text(String text))) {
      return null;
    }
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return null;
    }
    String found = matcher.group(Math.min(1, pattern.groupCount()));
    return found == null ? null : Value.of(found);
  }

  static Value countMatches(@Nullable Value value, Pattern pattern) {
    long count = 0;
    if (value instanceof Value.Text(String text)) {
      for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
        count++;
      }
    }
    return Value.of(count);
  }

  static Value length(@Nullable Value value, @Nullable Value unit) {
    if (!(value instanceof Value.Text(String text))) {
      return Value.of(0);
    }
    if (unit == null || unit.equals(Value.of("bytes"))) {
      return Value.of(text.getBytes(StandardCharsets.UTF_8).length);
    }
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    long count = 0;
    while (characters.next() != BreakIterator.DONE) {
      count++;
    }
    return Value.of(count);
  }
}
