package firebreak.eventstore.columns;

/**
 * What texts such as "user-7" and "user-12" share: all but a number at the end.
 *
 * @param prefix what comes before the number, empty where there is nothing else
 * @param digits how many digits the number has, where it begins with a zero; else 0
 */
record NumberedShape(String prefix, int digits) {
  private static final int MOST_DIGITS = 18;

  /** How many characters at the end of a text are its number; 0 where there is none. */
  static int numberLength(String text) {
    int start = text.length();
    int least = Math.max(0, text.length() - MOST_DIGITS);
    while (start > least && text.charAt(start - 1) >= '0' && text.charAt(start - 1) <= '9') {
      start--;
    }
    return text.length() - start;
  }

  /** The shape of a text whose number has so many digits. */
  static NumberedShape of(String text, int numberLength) {
    int start = text.length() - numberLength;
    boolean padded = numberLength > 1 && text.charAt(start) == '0';
    return new NumberedShape(text.substring(0, start), padded ? numberLength : 0);
  }

  static long number(String text, int numberLength) {
    return Long.parseLong(text, text.length() - numberLength, text.length(), 10);
  }

  /** The text of this shape that has a number. */
  String text(long number) {
    String plain = Long.toString(number);
    return prefix + "0".repeat(Math.max(0, digits - plain.length())) + plain;
  }
}
