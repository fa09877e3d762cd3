package firebreak.guard;

import java.time.Instant;

/**
 * A request that people at the flag provider approve a mitigation, as it stood when last asked.
 *
 * @param by who decided, as the provider names them; empty while nobody has
 * @param note a sentence about how it stands
 */
public record ApprovalRequest(
    String id, Instant askedAt, Standing standing, String by, String note) {

  /** How far it has come. */
  public enum Standing {
    PENDING,
    APPROVED,
    SCHEDULED,
    DECLINED,
    FAILED,
    DELETED,
    APPLIED
  }

  ApprovalRequest in(Standing next, String who, String why) {
    return new ApprovalRequest(id, askedAt, next, who, why);
  }
}
