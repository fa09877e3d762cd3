package firebreak.guard;

import firebreak.flags.FlagState;
import firebreak.flags.Outcome;
import firebreak.flags.Withdrawal;
import firebreak.guard.Journal.Kind;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Has the flag provider end a mitigation when a person asked for that, and tells when it has.
 *
 * <p>An end increases exposure without anybody being asked at that time, so only a person sets one,
 * and only after the withdrawal is in force: an end that cannot be set leaves what was taken away.
 */
final class Leases {
  static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  /** The provider's own clock, and its way to remove a target, may take this long. */
  static final Duration REMOVED_WITHIN = Duration.ofMinutes(1);

  private final World world;
  private final Casebook casebook;
  private final Journal journal;
  private final Protocol protocol;
  private final BooleanSupplier stop;
  private final Map<String, Instant> lookAt = new HashMap<>();

  Leases(World world, Casebook casebook, Journal journal, Protocol protocol, BooleanSupplier stop) {
    this.world = world;
    this.casebook = casebook;
    this.journal = journal;
    this.protocol = protocol;
    this.stop = stop;
  }

  /** Tells the provider of the end, or looks whether it has come. */
  Incident follow(Incident incident, Instant now) {
    Mitigation mitigation = incident.mitigation();
    Lease lease = mitigation == null ? null : mitigation.lease();
    if (mitigation == null
        || lease == null
        || !mitigation.isInForce()
        || now.isBefore(lookAt.getOrDefault(mitigation.id(), now))) {
      return incident;
    }
    if (!lease.known()) {
      return tell(incident, mitigation, lease, now);
    }
    return now.isBefore(lease.end().plus(REMOVED_WITHIN))
        ? incident
        : look(incident, mitigation, lease, now);
  }

  private Incident tell(Incident incident, Mitigation mitigation, Lease lease, Instant now) {
    if (!now.isBefore(lease.end())) {
      return drop(incident, mitigation, lease, "its time came before the provider was told", now);
    }
    if (stop.getAsBoolean()) {
      return incident;
    }
    lookAt.put(mitigation.id(), now.plus(RETRY_AFTER));
    return switch (world.flags().expire(mitigation.withdrawal(), lease.end())) {
      case Outcome.Applied(String fence, _, _) -> {
        Mitigation moved = mitigation.leased(new Lease(lease.end(), lease.actor(), true), fence);
        String text =
            "The provider gives it back at %s by itself, as %s asked."
                .formatted(lease.end(), lease.actor());
        journal.tell(Kind.LEASED, incident, moved, lease.actor(), text, now);
        yield casebook.save(incident.moving(moved));
      }
      case Outcome.Unavailable _, Outcome.Unknown _ -> incident;
      case Outcome.Refused(String why) -> drop(incident, mitigation, lease, why, now);
      case Outcome.NeedsApproval(String why) -> drop(incident, mitigation, lease, why, now);
      case Outcome.Superseded _, Outcome.WouldApply _ ->
          drop(incident, mitigation, lease, "the provider gave no answer that fits", now);
    };
  }

  private Incident look(Incident incident, Mitigation mitigation, Lease lease, Instant now) {
    lookAt.put(mitigation.id(), now.plus(RETRY_AFTER));
    Withdrawal withdrawal = mitigation.withdrawal();
    try {
      if (world.flags().holds(withdrawal)) {
        boolean stillEnds =
            world.flags().expiring(withdrawal.flag()).stream()
                .anyMatch(one -> one.at().equals(lease.end()));
        return stillEnds
            ? incident
            : drop(incident, mitigation, lease, "somebody took the end away there", now);
      }
      FlagState flag = world.flags().read(withdrawal.flag()).orElse(null);
      String text =
          "It was to be given back by the provider at %s, as %s had asked, and is given back."
              .formatted(lease.end(), lease.actor());
      if (flag != null) {
        protocol.timeline(
            incident,
            withdrawal,
            flag.fence(),
            mitigation.after(),
            flag.definition(),
            lease.actor(),
            false,
            lease.end());
      }
      Mitigation moved = mitigation.to(Mitigation.State.UNDONE, text);
      journal.tell(Kind.UNDONE, incident, moved, lease.actor(), text, now);
      return casebook.save(incident.moving(moved));
    } catch (UncheckedIOException _) {
      return incident;
    }
  }

  private Incident drop(
      Incident incident, Mitigation mitigation, Lease lease, String why, Instant now) {
    String text =
        "It does not end at %s, as %s asked: %s. It stays away until a person gives it back."
            .formatted(lease.end(), lease.actor(), why);
    Mitigation moved = mitigation.leased(null, mitigation.fenceAfter());
    journal.tell(Kind.LEASED, incident, moved, lease.actor(), text, now);
    return casebook.save(incident.moving(moved.to(moved.state(), text)));
  }
}
