package firebreak.server;

import firebreak.eventstore.FieldMap;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import java.nio.charset.StandardCharsets;

/** The fields of one event as they are read: bounded, and with the first thing wrong with them. */
final class Fields {
  private final FieldMap.Builder values = new FieldMap.Builder();
  private String problem = "";

  /** Takes a field; a later value wins over an earlier one. */
  void put(String name, Value value) {
    if (name.isEmpty()) {
      fail("a field needs a name");
    } else if (name.length() * 3 > Limits.FIELD_NAME_BYTES
        && name.getBytes(StandardCharsets.UTF_8).length > Limits.FIELD_NAME_BYTES) {
      failTooLong(name);
    } else if (values.size() >= Limits.FIELDS_PER_EVENT && !values.contains(name)) {
      fail("an event may have %d fields".formatted(Limits.FIELDS_PER_EVENT));
    } else {
      values.put(name, value);
    }
  }

  /**
   * Whether a name may go on behind this beginning. Asked before each part of what is nested is
   * read, or every one of them would cost a copy of a beginning that is too long for them all.
   */
  boolean mayGoOn(String beginning) {
    if (beginning.length() < Limits.FIELD_NAME_BYTES) {
      return true;
    }
    failTooLong(beginning);
    return false;
  }

  private void failTooLong(String name) {
    fail(
        "a field's name may have %d bytes: %s…"
            .formatted(Limits.FIELD_NAME_BYTES, name.substring(0, 40)));
  }

  /** Takes fields that were read before, and so are within the limits. */
  void putAll(FieldMap fields) {
    values.putAll(fields);
  }

  void putText(String name, String text) {
    if (!text.isEmpty()) {
      put(name, Value.of(text));
    }
  }

  void fail(String why) {
    if (problem.isEmpty()) {
      problem = why;
    }
  }

  /** What is wrong, empty when nothing is. */
  String problem() {
    return problem;
  }

  FieldMap values() {
    return values.build();
  }
}
