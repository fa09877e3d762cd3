package firebreak.eventstore.columns;

/** The forms in which a dictionary keeps a value. */
enum Kind {
  FALSE(0),
  TRUE(1),
  WHOLE(2),
  REAL(3),
  TEXT(4),
  /** Text of 16 lower-case hexadecimal digits. */
  HEX_16(5),
  /** Text of 32 lower-case hexadecimal digits. */
  HEX_32(6),
  /** Text in the lower-case form of a UUID. */
  UUID(7);

  private static final Kind[] BY_NUMBER = {FALSE, TRUE, WHOLE, REAL, TEXT, HEX_16, HEX_32, UUID};

  private final byte number;

  Kind(int number) {
    this.number = (byte) number;
  }

  static Kind of(int number) {
    return BY_NUMBER[number];
  }

  byte number() {
    return number;
  }

  boolean isNumber() {
    return this == WHOLE || this == REAL;
  }
}
