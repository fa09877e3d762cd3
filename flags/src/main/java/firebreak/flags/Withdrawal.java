package firebreak.flags;

/**
 * A change that takes a variation away from an audience; it never gives one.
 *
 * @param intent names the change for ever, the same on every retry and replica; it is carried to
 *     the provider's own audit log where there is one
 * @param fromVariation what the audience is served today
 * @param toVariation what it is served afterwards
 * @param fence the fence that must still be in force for the change to apply
 * @param comment why, with a link to the evidence
 */
public record Withdrawal(
    String intent,
    String flag,
    Audience audience,
    String fromVariation,
    String toVariation,
    String fence,
    String comment) {}
