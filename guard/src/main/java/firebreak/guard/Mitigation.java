package firebreak.guard;

import firebreak.deploytracker.Finding;
import firebreak.flags.Withdrawal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One withdrawal of a variation from an audience, from the thought to its proven effect.
 *
 * @param id the withdrawal's intent
 * @param actor "guard", or the person who asked for it
 * @param refusals why the guard does not do it by itself; empty when nothing stands against it
 * @param before and after: the flag's definition, JSON text; empty until applied
 * @param fenceAfter what the flag's fence became; empty until applied
 * @param proposedAt when it was recommended; once it is intended, when it was intended
 * @param observedBurnRate after it took effect; NaN until there are events enough
 * @param approval the request at the provider where it lets nothing through without one; null when
 *     none was made
 * @param lease the end that a person gave it; null where it has none
 * @param wayBack the steps by which people have given it back so far
 */
public record Mitigation(
    String id,
    State state,
    Withdrawal withdrawal,
    String actor,
    List<String> refusals,
    Finding.Prediction predicted,
    Instant proposedAt,
    @Nullable Instant sentAt,
    @Nullable Instant appliedAt,
    String before,
    String after,
    String fenceAfter,
    double observedBurnRate,
    String note,
    @Nullable ApprovalRequest approval,
    List<WayBackStep> wayBack,
    @Nullable Lease lease) {

  /** The states of the protocol, whose steps are in {@link Protocol}. */
  public enum State {
    RECOMMENDED,
    INTENDED,
    SENT,
    /** The provider wants its own people to approve it, and they have been asked or will be. */
    AWAITING_APPROVAL,
    APPLIED,
    UNKNOWN,
    VERIFYING,
    EFFECTIVE,
    INEFFECTIVE,
    SUPERSEDED,
    CANCELLED,
    /** They said no. */
    DECLINED,
    ESCALATED,
    /** A part of it has been given back, and a part has not. */
    RETURNING,
    UNDONE
  }

  /** Who acts when no person does. */
  public static final String GUARD = "guard";

  public Mitigation {
    refusals = List.copyOf(refusals);
    wayBack = List.copyOf(wayBack);
  }

  /** A mitigation at its start: recommended, or intended where nothing stands against it. */
  static Mitigation proposed(
      State state,
      Withdrawal withdrawal,
      String actor,
      List<String> refusals,
      Finding.Prediction predicted,
      Instant now) {
    return new Mitigation(
        withdrawal.intent(),
        state,
        withdrawal,
        actor,
        refusals,
        predicted,
        now,
        null,
        null,
        "",
        "",
        "",
        Double.NaN,
        "",
        null,
        List.of(),
        null);
  }

  boolean isByGuard() {
    return actor.equals(GUARD);
  }

  /** Whether all of it is in force at the provider, so that it can be undone. */
  boolean isInForce() {
    return switch (state) {
      case APPLIED, VERIFYING, EFFECTIVE, INEFFECTIVE -> true;
      case ESCALATED -> appliedAt != null;
      case RECOMMENDED,
          INTENDED,
          SENT,
          AWAITING_APPROVAL,
          UNKNOWN,
          SUPERSEDED,
          CANCELLED,
          DECLINED,
          RETURNING,
          UNDONE ->
          false;
    };
  }

  /** Whether it has been begun and is not at rest yet. */
  boolean isInFlight() {
    return switch (state) {
      case INTENDED, SENT, UNKNOWN, APPLIED, VERIFYING -> true;
      case RECOMMENDED,
          AWAITING_APPROVAL,
          EFFECTIVE,
          INEFFECTIVE,
          SUPERSEDED,
          CANCELLED,
          DECLINED,
          ESCALATED,
          RETURNING,
          UNDONE ->
          false;
    };
  }

  /** Whether it was sent after that moment. */
  boolean isSentAfter(Instant time) {
    return sentAt != null && sentAt.isAfter(time);
  }

  /** Whether it is the intent of that name, in flight. */
  boolean isUnderWayAs(String intent) {
    return id.equals(intent) && isInFlight();
  }

  Mitigation to(State next, String why) {
    return copy(next, actor, sentAt, appliedAt, before, after, fenceAfter, observedBurnRate, why);
  }

  /** The same, intended at this moment by a person, whose word lifts the refusals. */
  Mitigation intendedBy(String person, Instant now) {
    return proposed(State.INTENDED, withdrawal, person, List.of(), predicted, now);
  }

  /** The same, left alone by a person. */
  Mitigation dismissedBy(String person, State next, String why) {
    return copy(next, person, sentAt, appliedAt, before, after, fenceAfter, observedBurnRate, why);
  }

  /** The same, about to be sent; the first time of sending stays. */
  Mitigation sent(Instant now) {
    Instant first = Objects.requireNonNullElse(sentAt, now);
    return copy(State.SENT, actor, first, appliedAt, before, after, fenceAfter, Double.NaN, "");
  }

  /** The same, in force at the provider. */
  Mitigation applied(Instant now, String fence, String definitionBefore, String definitionAfter) {
    return copy(
        State.APPLIED,
        actor,
        sentAt,
        now,
        definitionBefore,
        definitionAfter,
        fence,
        Double.NaN,
        "");
  }

  /** The same, with its effect judged. */
  Mitigation observed(State next, double burnRate, String why) {
    return copy(next, actor, sentAt, appliedAt, before, after, fenceAfter, burnRate, why);
  }

  /** The same, with the approval asked for as it stands. */
  Mitigation asking(ApprovalRequest request) {
    return new Mitigation(
        id,
        state,
        withdrawal,
        actor,
        refusals,
        predicted,
        proposedAt,
        sentAt,
        appliedAt,
        before,
        after,
        fenceAfter,
        observedBurnRate,
        note,
        request,
        wayBack,
        lease);
  }

  /** The same, with an end that a person asked for, and the fence since it was set. */
  Mitigation leased(@Nullable Lease until, String fence) {
    return new Mitigation(
        id,
        state,
        withdrawal,
        actor,
        refusals,
        predicted,
        proposedAt,
        sentAt,
        appliedAt,
        before,
        after,
        fence,
        observedBurnRate,
        note,
        approval,
        wayBack,
        until);
  }

  /** The same, a part of it given back. */
  Mitigation stepping(WayBackStep step, State next, String why) {
    List<WayBackStep> steps = new ArrayList<>(wayBack);
    steps.add(step);
    return new Mitigation(
        id,
        next,
        withdrawal,
        actor,
        refusals,
        predicted,
        proposedAt,
        sentAt,
        appliedAt,
        before,
        after,
        fenceAfter,
        observedBurnRate,
        why,
        approval,
        steps,
        lease);
  }

  private Mitigation copy(
      State next,
      String by,
      @Nullable Instant sent,
      @Nullable Instant applied,
      String definitionBefore,
      String definitionAfter,
      String newFence,
      double burnRate,
      String why) {
    return new Mitigation(
        id,
        next,
        withdrawal,
        by,
        refusals,
        predicted,
        proposedAt,
        sent,
        applied,
        definitionBefore,
        definitionAfter,
        newFence,
        burnRate,
        why,
        approval,
        wayBack,
        lease);
  }
}
