package firebreak.bench.wide;

import java.nio.charset.StandardCharsets;

/** A field of the wide events: its name, how it looks, and what it holds in an event. */
public final class WideField {
  private final String name;
  private final Form form;
  private final Source source;
  private final byte[] key;

  /** Draws the value of a field in the event at hand. */
  @FunctionalInterface
  interface Source {
    long draw(Moment moment);
  }

  WideField(String name, Form form, Source source) {
    this.name = name;
    this.form = form;
    this.source = source;
    this.key = ("\"" + name + "\":").getBytes(StandardCharsets.UTF_8);
  }

  public String name() {
    return name;
  }

  public Form form() {
    return form;
  }

  /** The name in quotes and a colon. */
  byte[] key() {
    return key;
  }

  long draw(Moment moment) {
    return source.draw(moment);
  }

  public boolean isText() {
    return switch (form) {
      case Form.Word _, Form.Numbered _, Form.Hex _, Form.Uuid _ -> true;
      case Form.Truth _, Form.Whole _, Form.Thousandths _ -> false;
    };
  }

  public boolean isNumber() {
    return switch (form) {
      case Form.Whole _, Form.Thousandths _ -> true;
      case Form.Word _, Form.Numbered _, Form.Hex _, Form.Uuid _, Form.Truth _ -> false;
    };
  }
}
