package firebreak.eventstore;

/** Reads the text of a formula. */
final class FormulaParser {
  private final String text;

  FormulaParser(String text) {
    this.text = text;
  }

  Formula parse() {
    throw new IllegalArgumentException("no formula: " + text);
  }
}
