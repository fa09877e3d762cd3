package firebreak.flags;

import java.util.List;

/**
 * A change by which a person gives back a part of what a withdrawal took away.
 *
 * @param intent names the change for ever, as a withdrawal's does
 * @param withdrawal the one that is taken back, step by step
 * @param before the flag's definition before it, JSON text
 * @param fence in force since the withdrawal, or since the step before
 * @param comment who asked for it, with a link to the evidence
 */
public record Restoration(
    String intent,
    Withdrawal withdrawal,
    String before,
    String fence,
    Portion portion,
    String comment) {

  /** How much is given back, all steps so far together. */
  public sealed interface Portion {

    /**
     * A share of those who were served it before, dealt out by the key of a kind of context;
     * whoever is no context of that kind has it last.
     */
    record Share(int percent, String contextKind) implements Portion {
      public Share {
        if (percent < 1 || percent > 100) {
          throw new IllegalArgumentException("a share is 1 to 100 %, was " + percent);
        }
      }
    }

    /** Some of the few contexts that it was taken from, by key. */
    record Contexts(List<String> keys) implements Portion {
      public Contexts {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
          throw new IllegalArgumentException("a step for contexts names at least one key");
        }
      }
    }
  }

  /** The write as the provider's own record has it. */
  Withdrawal asWritten() {
    return new Withdrawal(
        intent,
        withdrawal.flag(),
        withdrawal.audience(),
        withdrawal.toVariation(),
        withdrawal.fromVariation(),
        fence,
        comment);
  }
}
