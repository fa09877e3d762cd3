package firebreak.guard;

import firebreak.flags.Approval;
import firebreak.flags.Approvals;
import firebreak.flags.ExpiringTarget;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Outcome;
import firebreak.flags.Restoration;
import firebreak.flags.Withdrawal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One flag in memory whose version is its fence, with the record of all that was done to it and
 * faults to order.
 */
final class MemoryFlags implements FlagSwitch {
  static final String FLAG = "short-cache";

  /** What goes wrong with the next writes. */
  enum Fault {
    NONE,
    REPLY_LOST,
    REQUEST_LOST,
    UNAVAILABLE,
    NEEDS_APPROVAL,
    REFUSED
  }

  /** One write that took effect: an intent, or "human". */
  record Write(String by, long version) {}

  final List<Write> writes = new ArrayList<>();
  final List<Withdrawal> calls = new ArrayList<>();
  final List<Restoration> steps = new ArrayList<>();
  final List<ExpiringTarget> expiring = new ArrayList<>();
  boolean removesTargets = true;
  boolean expires = true;
  final MemoryApprovals approvals = new MemoryApprovals();
  Fault fault = Fault.NONE;
  boolean reachable = true;
  boolean fenced = true;
  boolean preconditionsEnforced = true;
  boolean present = true;
  Set<String> tags = Set.of();
  boolean retailServed = true;
  private long version = 1;

  void changeByHand() {
    version++;
    writes.add(new Write("human", version));
  }

  /** Somebody at the provider applies what was asked for; it bears no intent. */
  Approval.Applied applyByHand(Instant at) {
    String before = definition();
    version++;
    writes.add(new Write("human", version));
    retailServed = false;
    return new Approval.Applied(at, "bea@example.com", fence(), before, definition(), true);
  }

  String fence() {
    return Long.toString(version);
  }

  @Override
  public List<String> keys() {
    return List.of(FLAG);
  }

  @Override
  public Optional<FlagState> read(String flag) {
    if (!reachable) {
      throw new UncheckedIOException(new IOException("connection refused"));
    }
    return present && flag.equals(FLAG)
        ? Optional.of(
            new FlagState(
                FLAG,
                fence(),
                true,
                List.of("true", "false"),
                "false",
                true,
                false,
                tags,
                definition()))
        : Optional.empty();
  }

  private String definition() {
    return "{\"version\":" + version + ",\"retail\":" + retailServed + "}";
  }

  @Override
  public Outcome apply(Withdrawal withdrawal) {
    calls.add(withdrawal);
    return switch (fault) {
      case REQUEST_LOST -> new Outcome.Unknown("no answer");
      case UNAVAILABLE -> new Outcome.Unavailable("busy", Duration.ofSeconds(7));
      case NEEDS_APPROVAL -> new Outcome.NeedsApproval("the environment needs approval");
      case REFUSED -> new Outcome.Refused("no right");
      case REPLY_LOST -> {
        write(withdrawal);
        yield new Outcome.Unknown("no answer");
      }
      case NONE -> write(withdrawal);
    };
  }

  private Outcome write(Withdrawal withdrawal) {
    if (fenced && !withdrawal.fence().equals(fence())) {
      return new Outcome.Superseded(fence());
    }
    String before = definition();
    version++;
    writes.add(new Write(withdrawal.intent(), version));
    retailServed = false;
    return new Outcome.Applied(fence(), before, definition());
  }

  @Override
  public boolean removesTargets() {
    return removesTargets;
  }

  @Override
  public List<ExpiringTarget> expiring(String flag) {
    return List.copyOf(expiring);
  }

  /** Moves the version, as a provider may. */
  @Override
  public Outcome expire(Withdrawal withdrawal, Instant at) {
    if (!expires) {
      return new Outcome.Refused("the plan has none");
    }
    expiring.add(new ExpiringTarget("customer", "retail", "false", at));
    version++;
    return new Outcome.Applied(fence(), "{}", definition());
  }

  /** The provider removes what has an end. */
  void removeTargets() {
    expiring.clear();
    version++;
    retailServed = true;
    writes.add(new Write("provider", version));
  }

  @Override
  public boolean holds(Withdrawal withdrawal) {
    return !retailServed;
  }

  @Override
  public Approvals approvals() {
    return approvals;
  }

  @Override
  public boolean preconditionsEnforced() {
    return preconditionsEnforced;
  }

  @Override
  public Outcome dryRun(Withdrawal withdrawal) {
    return withdrawal.fence().equals(fence())
        ? new Outcome.WouldApply(definition(), "{\"retail\":false}")
        : new Outcome.Superseded(fence());
  }

  @Override
  public Outcome undo(Withdrawal withdrawal, String before, String fence) {
    if (!fence.equals(fence())) {
      return new Outcome.Superseded(fence());
    }
    String now = definition();
    version++;
    writes.add(new Write("undo", version));
    retailServed = true;
    return new Outcome.Applied(fence(), now, definition());
  }

  @Override
  public Outcome restore(Restoration step) {
    if (!step.fence().equals(fence())) {
      return new Outcome.Superseded(fence());
    }
    String now = definition();
    version++;
    writes.add(new Write("step", version));
    steps.add(step);
    boolean lost = fault == Fault.REPLY_LOST;
    return lost
        ? new Outcome.Unknown("no answer")
        : new Outcome.Applied(fence(), now, definition());
  }

  @Override
  public Outcome dryRun(Restoration step) {
    return step.fence().equals(fence())
        ? new Outcome.WouldApply(definition(), step.portion().toString())
        : new Outcome.Superseded(fence());
  }

  @Override
  public Landing landed(Restoration step) {
    return steps.contains(step)
        ? new Landing.Landed(fence(), "{}", definition())
        : new Landing.Absent();
  }

  @Override
  public Landing landed(Withdrawal withdrawal) {
    if (!reachable) {
      return new Landing.Unreachable("connection refused");
    }
    return writes.stream()
        .filter(write -> write.by().equals(withdrawal.intent()))
        .findFirst()
        .<Landing>map(write -> new Landing.Landed(Long.toString(write.version()), "{}", "{}"))
        .orElseGet(Landing.Absent::new);
  }
}
