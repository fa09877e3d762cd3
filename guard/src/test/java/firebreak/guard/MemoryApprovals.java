package firebreak.guard;

import firebreak.flags.Approval;
import firebreak.flags.Approvals;
import firebreak.flags.Withdrawal;
import java.util.ArrayList;
import java.util.List;

/** The approval requests of {@link MemoryFlags}, which stand as a test says. */
final class MemoryApprovals implements Approvals {
  static final String ID = "request-1";
  static final Approval.Waiting PENDING =
      new Approval.Waiting(ID, Approval.Review.PENDING, "Nobody has decided it yet.");

  final List<Withdrawal> asked = new ArrayList<>();

  /** The answer to whoever asks or looks. */
  Approval answer = PENDING;

  int looks;
  boolean deleted;

  @Override
  public Approval ask(Withdrawal withdrawal) {
    asked.add(withdrawal);
    return answer;
  }

  @Override
  public Approval look(Withdrawal withdrawal, String id) {
    looks++;
    return answer;
  }

  @Override
  public Approval takeBack(Withdrawal withdrawal, String id) {
    deleted = !(answer instanceof Approval.Applied);
    return deleted ? new Approval.Deleted() : answer;
  }
}
