package firebreak.eventstore;

/** How one value stands to another. */
public enum Relation {
  EQUAL("="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">=");

  private final String sign;

  Relation(String sign) {
    this.sign = sign;
  }

  /** As filters write it. */
  public String sign() {
    return sign;
  }

  /** Whether it holds for the outcome of a comparison: negative, zero or positive. */
  public boolean holds(int order) {
    return switch (this) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }
}
