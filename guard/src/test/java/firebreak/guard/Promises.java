package firebreak.guard;

import firebreak.deploytracker.Finding;
import firebreak.deploytracker.Suspect;
import firebreak.flags.FlagState;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a guard promises, held against one simulated life: judged by what the provider, the disks
 * and the weather truly were, never by what a guard believed.
 */
final class Promises {
  private static final Duration LATE = Duration.ofSeconds(60);

  private final Simulation simulation;
  private final Set<String> broken = new LinkedHashSet<>();
  private final List<Failed> failed = new ArrayList<>();
  private boolean personAsks;
  private int wrongFlags;

  /** A request that brought no change, of which a person must be able to know soon. */
  private record Failed(Replica replica, String intent, long millis, int records) {}

  Promises(Simulation simulation) {
    this.simulation = simulation;
    simulation.flags.onWrite = this::wrote;
  }

  List<String> broken() {
    return List.copyOf(broken);
  }

  /**
   * How many flags were turned that had nothing to do with the burn, as the evidence has chance.
   */
  int wrongFlags() {
    return wrongFlags;
  }

  private void unless(boolean holds, String promise, Object detail) {
    if (!holds) {
      broken.add(promise + ": " + detail);
    }
  }

  /** A request leaves a replica. */
  void sending(Replica replica, Withdrawal withdrawal) {
    String intent = withdrawal.intent();
    unless(!simulation.stop, "P8 nothing is sent after a stop", intent);
    unless(
        has(replica, "intended", intent) && has(replica, "sent", intent),
        "P3 the intent is on disk first",
        intent);
    unless(
        withdrawal.toVariation().equals("false") && withdrawal.fromVariation().equals("true"),
        "P5 exposure is only taken away",
        withdrawal);
    Optional<Incident> incident = incident(replica, intent);
    if (incident.isEmpty()) {
      broken.add("P3 the intent is on disk first: no incident has " + intent);
      return;
    }
    Mitigation mitigation = incident.get().mitigation();
    if (mitigation != null && mitigation.isByGuard()) {
      byItself(replica, incident.get(), mitigation);
    }
  }

  private void byItself(Replica replica, Incident incident, Mitigation mitigation) {
    Withdrawal withdrawal = mitigation.withdrawal();
    unless(replica.mode == Mode.ACT, "P9 only mode act sends", replica.mode);
    unless(
        simulation.production.trulyEligible(
                incident.alert().objective(),
                replica.roundAt,
                Simulation.SETTINGS.limits().dataLagAtMost())
            > 0,
        "P11 no data, no action",
        incident.id());
    Story story = simulation.production.story(incident.alert().objective());
    unless(!story.cause().forbidsActing(), "P7 only what is eligible is sent", story.cause());
    unless(isProven(incident.finding()), "P7 only what is proven is sent", incident.finding());
    FlagState read = replica.lastRead.get(withdrawal.flag());
    unless(
        read != null && !read.archived() && read.tags().isEmpty(),
        "P7 a protected flag is left alone",
        String.valueOf(read));
    unless(
        !replica.roundAt.isAfter(
            mitigation.proposedAt().plus(Simulation.SETTINGS.limits().intentExpiresAfter())),
        "P10 an intent that is too old is not sent",
        mitigation.proposedAt());
    long underWay =
        replica.mitigations().stream()
            .filter(other -> other.isInFlight() && !other.id().equals(mitigation.id()))
            .count();
    unless(underWay == 0, "P6 one at a time", underWay);
    unless(
        replica.clockSteppedAt < replica.upSince
            || replica.clockSteppedAt > replica.roundBegan
            || simulation.now() - replica.clockSteppedAt >= Duration.ofMinutes(5).toMillis(),
        "P7 no action soon after the clock was set",
        replica.name);
  }

  private static boolean isProven(Finding finding) {
    double posterior = finding.verdict().posterior();
    double next =
        finding.suspects().stream()
            .filter(one -> !one.changeId().equals(finding.verdict().changeId()))
            .mapToDouble(Suspect::posterior)
            .max()
            .orElse(0);
    return posterior >= 0.95
        && next * 10 <= posterior
        && finding.pValue() <= 0.001
        && finding.prediction().burnRateAfter() < 1;
  }

  /** The answer has come, or none. */
  void answered(Replica replica, Withdrawal withdrawal, Outcome outcome) {
    switch (outcome) {
      case Outcome.Applied _ -> replica.requested.add(withdrawal.intent());
      case Outcome.Unknown _, Outcome.Superseded _ -> {
        replica.requested.add(withdrawal.intent());
        fails(replica, withdrawal);
      }
      case Outcome.Unavailable _,
          Outcome.Refused _,
          Outcome.NeedsApproval _,
          Outcome.WouldApply _ ->
          fails(replica, withdrawal);
    }
  }

  private void fails(Replica replica, Withdrawal withdrawal) {
    failed.add(new Failed(replica, withdrawal.intent(), simulation.now(), records(replica).size()));
  }

  private static List<AuditLog.AuditRecord> records(Replica replica) {
    return ((MemoryAuditLog) replica.audit).records();
  }

  /** Something changed at the provider. */
  private void wrote(SimulatedFlags.Write write) {
    if (!write.isIntended()) {
      return;
    }
    unless(simulation.flags.effects(write.by()) <= 1, "P1 one intent changes one flag once", write);
    for (Replica replica : simulation.replicas) {
      incident(replica, write.by())
          .filter(incident -> isByItself(incident, write.by()))
          .ifPresent(incident -> wroteByItself(incident, write));
    }
  }

  private void wroteByItself(Incident incident, SimulatedFlags.Write write) {
    // Onsets are known to ten seconds; a change within them may be the one that did it.
    Instant began = incident.alert().beganAt().plus(Eligibility.ONSET_TOLERANCE);
    long onset = Duration.between(Simulation.START, began).toMillis();
    List<SimulatedFlags.Write> others =
        simulation.flags.flag(write.flag()).writes.stream()
            .filter(other -> other.millis() > onset && other.version() < write.version())
            .filter(other -> !other.by().equals(write.by()))
            .toList();
    unless(others.isEmpty(), "P2 people win", others + " then " + write);
    Story story = simulation.production.story(incident.alert().objective());
    wrongFlags += story.cause() == Story.Cause.UNRELATED ? 1 : 0;
    limits();
  }

  /**
   * A life lasts less than an hour, so each window holds all of it. Counted for each store: those
   * who share nothing know nothing of each other.
   */
  private void limits() {
    int most = Simulation.SETTINGS.limits().togglesPerHour();
    for (Replica replica : simulation.replicas) {
      List<String> sent =
          replica.mitigations().stream()
              .filter(one -> one.isByGuard() && one.sentAt() != null)
              .map(one -> one.withdrawal().flag())
              .toList();
      unless(sent.size() <= most, "P6 at most %d flags an hour".formatted(most), replica.name);
      unless(
          sent.size() == Set.copyOf(sent).size(), "P6 a flag is turned once a day", replica.name);
    }
  }

  private static boolean isByItself(Incident incident, String intent) {
    return incident.mitigations().stream()
        .anyMatch(one -> one.id().equals(intent) && one.isByGuard() && one.sentAt() != null);
  }

  /** An exposure is given back. */
  void undoing() {
    unless(personAsks, "P5 nothing automatic gives exposure back", simulation.now());
  }

  /** What a person asks for. */
  void byPerson(Runnable request) {
    personAsks = true;
    try {
      request.run();
    } finally {
      personAsks = false;
    }
  }

  /** The incident that has the intent; where several do, the one that is busy with it. */
  private static Optional<Incident> incident(Replica replica, String intent) {
    return replica.incidents.incidents().stream()
        .filter(one -> one.mitigations().stream().anyMatch(m -> m.id().equals(intent)))
        .max(Comparator.comparing((Incident one) -> isBusyWith(one, intent)));
  }

  private static boolean isBusyWith(Incident incident, String intent) {
    Mitigation last = incident.mitigation();
    return last != null && last.id().equals(intent) && last.state() == Mitigation.State.SENT;
  }

  private static boolean has(Replica replica, String kind, String intent) {
    return ((MemoryAuditLog) replica.audit).has(kind, intent);
  }

  /** What must hold after each whole round of a replica. */
  void checkAfterRound(Replica replica) {
    long late = Simulation.SETTINGS.limits().intentExpiresAfter().plus(LATE).toMillis();
    for (Mitigation one : replica.mitigations()) {
      boolean isStuck =
          switch (one.state()) {
            case INTENDED, SENT, UNKNOWN ->
                one.proposedAt().plusMillis(late).isBefore(replica.roundAt)
                    && simulation.now() - replica.upSince > LATE.toMillis()
                    && simulation.now() - replica.clockSteppedAt > LATE.toMillis();
            case RECOMMENDED,
                AWAITING_APPROVAL,
                APPLIED,
                VERIFYING,
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
      unless(!isStuck, "P10 what is not done in time is given to a person", one.state());
    }
  }

  /** What must hold after every step. */
  void check() {
    failed.removeIf(Promises::isKnown);
    for (Failed one : failed) {
      unless(
          one.replica().down
              || sharing(one.replica()).anyMatch(Replica::isInTheMiddle)
              || simulation.now() - since(one) <= LATE.toMillis(),
          "P10 a person can know within a minute",
          one);
    }
  }

  /** One that halts in the middle of its round may have the turn for which the others wait. */
  private Stream<Replica> sharing(Replica replica) {
    return simulation.replicas.stream().filter(other -> other.audit.equals(replica.audit));
  }

  private long since(Failed one) {
    return sharing(one.replica())
        .mapToLong(replica -> replica.upSince)
        .reduce(one.millis(), Math::max);
  }

  private static boolean isKnown(Failed one) {
    return records(one.replica()).stream()
        .skip(one.records())
        .anyMatch(record -> record.mitigation().equals(one.intent()));
  }

  /** What must hold in the end, when all has been calm for long. */
  void checkAtRest() {
    Set<String> landed = simulation.flags.intents();
    for (Replica replica : simulation.replicas) {
      for (Mitigation one : replica.mitigations()) {
        checkAtRest(replica, one, landed.contains(one.id()));
      }
    }
  }

  private static boolean isAnswered(Replica replica, Mitigation one) {
    return replica.mitigations().stream()
        .anyMatch(other -> other.id().equals(one.id()) && other.appliedAt() != null);
  }

  /** What was done just before the end is watched beyond it. */
  private boolean isYoung(Mitigation one) {
    Instant end = Simulation.START.plusMillis(simulation.now());
    Instant appliedAt = one.appliedAt();
    return one.state() == Mitigation.State.VERIFYING
        && appliedAt != null
        && end.isBefore(appliedAt.plus(Simulation.SETTINGS.limits().verifyWithin()));
  }

  private void checkAtRest(Replica replica, Mitigation one, boolean landed) {
    String what = replica.name + " " + one.state() + " " + one.note();
    unless(!one.isInFlight() || isYoung(one), "P4 everything comes to rest", what);
    boolean saysItLanded = one.appliedAt() != null;
    if (saysItLanded) {
      unless(landed, "P4 the record is what happened", what);
      unless(has(replica, "applied", one.id()), "P4 what happened is on record", what);
    } else if (isAnswered(replica, one)) {
      return; // another mitigation of the same intent stands for it
    } else if (replica.requested.contains(one.id()) || one.state() == Mitigation.State.SUPERSEDED) {
      unless(!landed, "P4 what happened is on record", what);
    }
  }
}
