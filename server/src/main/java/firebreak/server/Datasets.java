package firebreak.server;

import java.nio.charset.StandardCharsets;

/** Which names a sender may give a dataset. */
final class Datasets {
  /** Names under this prefix are Firebreak's own; nobody may write history from outside. */
  static final String RESERVED_PREFIX = "firebreak.";

  private Datasets() {}

  /** Returns the name, if a sender may use it. */
  static String checked(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a dataset needs a name");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > Limits.DATASET_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a dataset's name may have %d bytes".formatted(Limits.DATASET_NAME_BYTES));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a dataset's name has no control characters");
    }
    if (name.startsWith(RESERVED_PREFIX)) {
      throw new IllegalArgumentException(
          "dataset '%s': names that start with %s are reserved".formatted(name, RESERVED_PREFIX));
    }
    return name;
  }
}
