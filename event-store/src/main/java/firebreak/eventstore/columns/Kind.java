package firebreak.eventstore.columns;

/** The forms in which a dictionary keeps a value. The order is part of the file format. */
enum Kind {
  FALSE,
  TRUE,
  WHOLE,
  REAL,
  TEXT,
  /** Text of 16 lower-case hexadecimal digits. */
  HEX_16,
  /** Text of 32 lower-case hexadecimal digits. */
  HEX_32,
  /** Text in the lower-case form of a UUID. */
  UUID;

  private static final Kind[] ALL = values();

  static Kind of(byte ordinal) {
    return ALL[ordinal];
  }

  byte number() {
    return (byte) ordinal();
  }

  boolean isNumber() {
    return this == WHOLE || this == REAL;
  }

  /** Whether the second long of a {@link Key} of this kind is used. */
  boolean isWide() {
    return this == HEX_32 || this == UUID;
  }
}
