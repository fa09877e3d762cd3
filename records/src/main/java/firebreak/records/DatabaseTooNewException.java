package firebreak.records;

/** The database was written by a newer Firebreak, whose tables this one does not know. */
public final class DatabaseTooNewException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseTooNewException(String place, int found, int known) {
    super(
        "The records %s have schema %d, and this Firebreak knows up to %d: use a newer one."
            .formatted(place, found, known));
  }
}
