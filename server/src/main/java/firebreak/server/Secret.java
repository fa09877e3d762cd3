package firebreak.server;

/** A value that is never shown. */
record Secret(String value) {
  Secret {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret cannot be empty");
    }
  }

  @Override
  public String toString() {
    return "…";
  }
}
