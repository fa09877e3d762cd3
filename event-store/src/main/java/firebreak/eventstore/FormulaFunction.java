package firebreak.eventstore;

import java.util.List;

/**
 * A function of the formulas of derived columns.
 *
 * <p>A condition is met by true, by a number other than 0 and by the text "true". Arithmetic takes
 * text that reads as a number for that number, and everything else that is none, absent values too,
 * for 0; a result that is no finite number is absent. Values are equal by type and content, and an
 * absent one equals an absent one only.
 */
public enum FormulaFunction {
  /** Of pairs of a condition and a value the value of the first that is met; else the last. */
  IF(2, 1_000),
  /** The value behind the first case that equals the first argument; else the last. */
  SWITCH(3, 1_000),
  /** The first argument that is not absent. */
  COALESCE(1, 1_000),
  /** Less, of two numbers or two texts; false for anything else. */
  LT(2, 2),
  LTE(2, 2),
  GT(2, 2),
  GTE(2, 2),
  EQUALS(2, 2),
  /** Whether the first argument equals one of the others. */
  IN(2, 1_000),
  EXISTS(1, 1),
  NOT(1, 1),
  AND(1, 1_000),
  OR(1, 1_000),
  /** The smallest of the arguments that are of the type of the first that is not absent. */
  MIN(1, 1_000),
  MAX(1, 1_000),
  SUM(1, 1_000),
  SUB(2, 2),
  MUL(1, 1_000),
  /** Absent for a division by 0. */
  DIV(2, 2),
  /** The remainder with the sign of the first argument; absent for a division by 0. */
  MOD(2, 2),
  LOG10(1, 1),
  /**
   * The name of the range of a size in which a number lies, such as {@code 0 - 500}; with a least
   * and a greatest bound {@code < 0} and {@code >= 3000} for what lies outside. Ranges begin at the
   * least bound, or at 0, and hold their low end. Absent for what is no number.
   */
  BUCKET(2, 4),
  /** The whole number towards 0; 0 for what is no number. */
  INT(1, 1),
  FLOAT(1, 1),
  BOOL(1, 1),
  /** The argument as text; the empty text for an absent one. */
  STRING(1, 1),
  /** All arguments as text in a row, absent ones left out. */
  CONCAT(1, 1_000),
  /** Absent for what is no text. */
  TO_LOWER(1, 1),
  /** False where one of the arguments is no text. */
  STARTS_WITH(2, 2),
  ENDS_WITH(2, 2),
  CONTAINS(2, 2),
  /** Whether a part of a text matches; false for what is no text. */
  REG_MATCH(2, 2),
  /** The first group of the first match, or the match where the expression has no group. */
  REG_VALUE(2, 2),
  /** How many matches there are one after the other; 0 for what is no text. */
  REG_COUNT(2, 2),
  /** The length of a text in {@code "bytes"} or {@code "chars"}; 0 for what is no text. */
  LENGTH(1, 2),
  /** The seconds since 1970 of a time as RFC 3339 writes it; absent for anything else. */
  UNIX_TIMESTAMP(1, 1),
  /** The seconds since 1970 of the event's time. */
  EVENT_TIMESTAMP(0, 0),
  /** Seconds since 1970 as text, in UTC, by a format of {@code strftime}. */
  FORMAT_TIME(2, 2);

  private final int least;
  private final int most;

  FormulaFunction(int least, int most) {
    this.least = least;
    this.most = most;
  }

  /** Whether the second argument is a regular expression. */
  boolean isRegular() {
    return this == REG_MATCH || this == REG_VALUE || this == REG_COUNT;
  }

  void check(List<Formula> arguments) {
    int given = arguments.size();
    if (given < least || given > most) {
      throw new IllegalArgumentException(
          "%s takes %s, had %d".formatted(this, describeArity(), given));
    }
    if (this == LENGTH && given == 2 && !FormulaText.isUnit(arguments.get(1))) {
      throw new IllegalArgumentException("LENGTH counts \"bytes\" or \"chars\"");
    }
    if (this == FORMAT_TIME && arguments.getFirst() instanceof Formula.Literal format) {
      FormulaTime.check(format.value());
    }
  }

  private String describeArity() {
    String many =
        most >= 1_000 ? least + " arguments or more" : least + " to " + most + " arguments";
    return least < most
        ? many
        : most == 0 ? "no arguments" : most == 1 ? "1 argument" : most + " arguments";
  }
}
