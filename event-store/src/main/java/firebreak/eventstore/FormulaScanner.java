package firebreak.eventstore;

import java.util.function.IntPredicate;

/** Goes through the text of a formula, skipping what is blank between its parts. */
final class FormulaScanner {
  private final String text;
  private int at;

  FormulaScanner(String text) {
    if (text.isBlank() || text.length() > Limits.FORMULA_LENGTH) {
      throw new IllegalArgumentException(
          "a formula has 1 to %d characters, had %d"
              .formatted(Limits.FORMULA_LENGTH, text.strip().length()));
    }
    this.text = text;
  }

  int position() {
    skipBlanks();
    return at;
  }

  boolean isAtEnd() {
    return position() == text.length();
  }

  /** What comes next, for an error. */
  String found() {
    if (isAtEnd()) {
      return "the end";
    }
    int end = Math.min(text.length(), at + 12);
    return "\"" + text.substring(at, end).strip() + (end < text.length() ? "…\"" : "\"");
  }

  IllegalArgumentException error(String message) {
    return errorAt(position(), message);
  }

  IllegalArgumentException errorAt(int position, String message) {
    return new IllegalArgumentException(
        "formula, character %d: %s".formatted(position + 1, message));
  }

  /** Goes past a sign or a whole word, if it comes next. */
  boolean skip(String token) {
    int start = position();
    if (!text.startsWith(token, start)) {
      return false;
    }
    int end = start + token.length();
    boolean isWord = Character.isLetter(token.charAt(0));
    if (isWord && end < text.length() && isWordSign(text.charAt(end))) {
      return false;
    }
    at = end;
    return true;
  }

  void expect(String token) {
    if (!skip(token)) {
      throw error("expected %s, found %s".formatted(token, found()));
    }
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isWordSign(int sign) {
    return sign == '_' || Character.isLetterOrDigit(sign);
  }

  /** A word of letters, digits and underscores; empty if none comes next. */
  String word() {
    int start = position();
    if (start < text.length() && !Character.isDigit(text.charAt(start))) {
      skipWhile(FormulaScanner::isWordSign);
    }
    return text.substring(start, at);
  }

  /** A name of letters, digits and the signs, right where the scanner is. */
  String name(String signs) {
    int start = at;
    skipWhile(sign -> Character.isLetterOrDigit(sign) || signs.indexOf(sign) >= 0);
    return text.substring(start, at);
  }

  private void skipWhile(IntPredicate predicate) {
    while (at < text.length() && predicate.test(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
  }

  boolean isAtText() {
    return position() < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '`');
  }

  String text() {
    int start = at;
    char quote = text.charAt(at++);
    StringBuilder content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return Normaliser.clean(content.toString());
      }
      content.append(c == '\\' && quote == '"' ? escaped() : c);
    }
    throw errorAt(start, "the text that begins here has no closing " + quote);
  }

  private char escaped() {
    if (at >= text.length()) {
      throw error("expected a character after \\, found the end");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> c;
      case 'u' -> unicode();
      default ->
          throw errorAt(
              at - 1,
              "expected one of n t r b f u \" \\ / after \\, found %c; in `…` a \\ is itself"
                  .formatted(c));
    };
  }

  private char unicode() {
    String digits = text.substring(at, Math.min(at + 4, text.length()));
    if (digits.length() < 4 || digits.chars().anyMatch(c -> Character.digit(c, 16) < 0)) {
      throw errorAt(at, "expected four hexadecimal digits after \\u, found " + digits);
    }
    at += 4;
    return (char) Integer.parseInt(digits, 16);
  }

  boolean isAtNumber() {
    int digit = position();
    digit += digit < text.length() && text.charAt(digit) == '-' ? 1 : 0;
    digit += digit < text.length() && text.charAt(digit) == '.' ? 1 : 0;
    return digit < text.length() && isDigit(text.charAt(digit));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  Value number() {
    int start = at;
    at += text.charAt(at) == '-' ? 1 : 0;
    skipWhile(FormulaScanner::isDigit);
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      skipWhile(FormulaScanner::isDigit);
    }
    skipExponent();
    String number = text.substring(start, at);
    if (at < text.length() && isWordSign(text.charAt(at))) {
      throw errorAt(
          start, "%s is no number; a field's name is $\"…\"".formatted(number + name("_")));
    }
    Value value = FormulaMath.finite(Double.parseDouble(number));
    if (value == null) {
      throw errorAt(start, number + " is too large for a number");
    }
    return number.chars().allMatch(c -> c == '-' || isDigit(c)) && number.length() <= 18
        ? Value.of(Long.parseLong(number))
        : value;
  }

  private void skipExponent() {
    int exponent = at + 1;
    if (at >= text.length() || Character.toLowerCase(text.charAt(at)) != 'e') {
      return;
    }
    exponent += exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0 ? 1 : 0;
    if (exponent < text.length() && isDigit(text.charAt(exponent))) {
      at = exponent;
      skipWhile(FormulaScanner::isDigit);
    }
  }
}
