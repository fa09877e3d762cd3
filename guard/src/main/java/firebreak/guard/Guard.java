package firebreak.guard;

import firebreak.flags.Audience;
import firebreak.flags.FlagState;
import firebreak.guard.Journal.Kind;
import firebreak.slo.BurnAlert;
import firebreak.slo.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Patrols: looks for burns, finds what did it, and stops it in the smallest way.
 *
 * <p>All it knows is in its two logs, so a guard that is lost and built anew goes on where the last
 * one stood. Safe for use by many threads.
 */
public final class Guard {
  /** How often a burn is looked at anew; what is under way is looked at in every round. */
  static final Duration LOOKS_EVERY = Duration.ofSeconds(5);

  /** After this long, and once closed, evidence comes slowly, and so do the looks. */
  static final Duration YOUNG = Duration.ofMinutes(10);

  static final Duration LOOKS_EVERY_WHEN_OLD = Duration.ofSeconds(30);

  private final World world;
  private final Settings settings;
  private final BooleanSupplier stop;
  private final Casebook casebook;
  private final Journal journal;
  private final Inquiry inquiry;
  private final Lookout lookout;
  private final Protocol protocol;
  private final Asking asking;
  private final Aftermath aftermath;
  private final Requests requests;
  private final WayBack wayBack;
  private final Leases leases;
  private final Map<String, Instant> lookedAt = new HashMap<>();
  private volatile Mode mode;
  private boolean stopped;

  /**
   * A guard over its logs.
   *
   * @param stop the stop switch, asked before anything is sent; true stops
   */
  public Guard(
      World world,
      IncidentLog incidents,
      AuditLog audit,
      Settings settings,
      Mode mode,
      BooleanSupplier stop) {
    this.world = world;
    this.settings = settings;
    this.stop = stop;
    this.mode = mode;
    casebook = new Casebook(incidents);
    journal = new Journal(audit);
    inquiry = new Inquiry(world, settings.limits(), journal);
    lookout = new Lookout(world, casebook, settings, stop);
    lookout.steadySince(journal.clockSetAt());
    protocol = new Protocol(world, casebook, journal, settings, stop);
    aftermath = new Aftermath(world, casebook, journal, inquiry, settings.limits());
    asking = new Asking(world, casebook, journal, protocol, settings, stop);
    leases = new Leases(world, casebook, journal, protocol, stop);
    wayBack = new WayBack(world, casebook, journal, protocol, settings, stop);
    requests = new Requests(world, casebook, journal, protocol, asking, settings, stop);
  }

  /**
   * One round of the patrol. Trouble with one objective or incident does not keep it from the
   * others.
   *
   * @throws RuntimeException the first trouble there was, after the round
   */
  public synchronized void patrol(Instant now) {
    List<RuntimeException> troubles = casebook.inTurn(() -> round(now));
    if (!troubles.isEmpty()) {
      throw troubles.getFirst();
    }
  }

  private List<RuntimeException> round(Instant now) {
    List<RuntimeException> troubles = new ArrayList<>();
    attempt(() -> noticeStop("guard", now), troubles);
    Set<String> followed = new HashSet<>();
    casebook.burning().forEach(world.burns()::resume);
    for (Objective objective : world.burns().objectives()) {
      followed.add(objective.id());
      attempt(() -> noticeBurns(objective, now), troubles);
    }
    for (Incident incident : casebook.incidents()) {
      boolean isFollowed = followed.contains(incident.alert().objective().id());
      attempt(() -> attend(incident, isFollowed, now), troubles);
    }
    return troubles;
  }

  private static void attempt(Runnable step, List<RuntimeException> troubles) {
    try {
      step.run();
    } catch (RuntimeException e) {
      troubles.add(e);
    }
  }

  private void noticeBurns(Objective objective, Instant now) {
    for (BurnAlert alert : Burn.each(world.burns().alerts(objective, now))) {
      notice(alert, now);
    }
  }

  private void attend(Incident incident, boolean isFollowed, Instant now) {
    if (!isFollowed) {
      aftermath.abandon(incident, now);
      return;
    }
    Incident followed = leases.follow(asking.follow(incident, now), now);
    if (isDue(followed, now)) {
      respond(followed, now);
      lookedAt.put(incident.id(), now);
    }
  }

  /** Takes one burn from alert to decision to act, and on to its end. */
  void respond(Incident incident, Instant now) {
    Incident weighed = inquiry.weigh(incident, now); // what failing events share, what did it
    Situation situation = lookout.look(weighed, now);
    Decision decision = Policy.decide(situation, settings, mode); // a pure function
    Incident decided =
        switch (decision) {
          case Decision.Withdraw withdraw -> protocol.intend(weighed, withdraw, now); // on disk
          case Decision.AskHuman ask -> protocol.recommend(weighed, ask, now);
          case Decision.StandDown _ -> protocol.standDown(weighed, now);
          case Decision.Wait _ -> casebook.save(weighed);
        };
    Incident acted = protocol.advance(decided, decision, now); // takes exposure away, fenced
    Incident asked = asking.follow(acted, now); // people at the provider, where it wants them
    Incident verified = aftermath.verify(asked, now); // did the burn fall as predicted?
    aftermath.close(verified, now);
  }

  /** Finds the incident of a burn, or opens one. */
  private void notice(BurnAlert alert, Instant now) {
    double budget = world.burns().budgetRemaining(alert.objective(), now).orElse(Double.NaN);
    Optional<Incident> known = casebook.of(alert);
    if (known.isEmpty()) {
      Incident opened = Incident.opened(Casebook.id(alert), alert, budget, now);
      journal.tell(
          Kind.OPENED,
          opened,
          "%s burns at %.1f times the allowed rate."
              .formatted(alert.objective().name(), alert.burnRate()),
          Aftermath.figures(opened),
          now);
      casebook.save(opened);
      return;
    }
    Incident incident = known.get();
    if (incident.tells(alert, budget)) {
      Incident seen = incident.seen(alert, budget);
      if (!incident.alert().equals(alert)) {
        lookedAt.remove(seen.id());
      }
      incident = casebook.save(seen);
    }
    aftermath.reopen(incident, now);
  }

  private boolean isDue(Incident incident, Instant now) {
    Mitigation mitigation = incident.mitigation();
    if (mitigation != null && Protocol.isOpen(mitigation, now)) {
      return true;
    }
    boolean young = now.isBefore(incident.openedAt().plus(YOUNG));
    boolean closed = incident.state() == Incident.State.CLOSED;
    if (closed && !young) {
      return false;
    }
    Instant looked = lookedAt.get(incident.id());
    return looked == null
        || !now.isBefore(looked.plus(closed || !young ? LOOKS_EVERY_WHEN_OLD : LOOKS_EVERY));
  }

  /** A person lets the guard do what it recommends. */
  public synchronized Reply approve(String incident, String mitigation, String actor, Instant now) {
    return casebook.inTurn(() -> requests.approve(incident, mitigation, actor, now));
  }

  /** A person says to leave it. */
  public synchronized Reply dismiss(String incident, String mitigation, String actor, Instant now) {
    return casebook.inTurn(() -> requests.dismiss(incident, mitigation, actor, now));
  }

  /** A person has an applied mitigation taken back, if nothing has touched the flag since. */
  public synchronized Reply undo(String incident, String mitigation, String actor, Instant now) {
    return casebook.inTurn(() -> requests.undo(incident, mitigation, actor, now));
  }

  /**
   * A person gives back a part of what a mitigation took away, or asks what that would change.
   *
   * @param wish the step, which must be the next one
   */
  public synchronized Reply step(
      String incident,
      String mitigation,
      WayBack.Wish wish,
      String actor,
      boolean dryRun,
      Instant now) {
    return casebook.inTurn(
        () ->
            requests.on(
                incident,
                mitigation,
                (found, latest) -> wayBack.step(found, latest, wish, actor, dryRun, now)));
  }

  /**
   * The next step of the way back; empty when there is none to be taken.
   *
   * @param build that contains the fix; empty for the one that the steps before named, or none
   */
  public synchronized Optional<NextStep> nextStep(
      String incident, String mitigation, String build, Instant now) {
    return casebook.inTurn(() -> wayBack.next(incident, mitigation, build, now));
  }

  /**
   * A person asks for a mitigation of their own.
   *
   * @param toVariation what the audience is to be served; empty for the flag's off variation
   */
  public synchronized Reply request(
      String incident,
      String flag,
      Audience audience,
      String toVariation,
      String actor,
      boolean dryRun,
      Instant now) {
    return request(incident, flag, audience, toVariation, null, actor, dryRun, now);
  }

  /**
   * The same, with an end at which the provider gives it back by itself.
   *
   * @param until null for none
   */
  public synchronized Reply request(
      String incident,
      String flag,
      Audience audience,
      String toVariation,
      @Nullable Instant until,
      String actor,
      boolean dryRun,
      Instant now) {
    return casebook.inTurn(
        () -> requests.request(incident, flag, audience, toVariation, until, actor, dryRun, now));
  }

  /** Calls with each incident that changes from now on, once it is on disk; must be quick. */
  public void onChange(Consumer<Incident> listener) {
    casebook.onChange(listener);
  }

  /** The incidents there are, oldest first. */
  public synchronized List<Incident> incidents() {
    return casebook.incidents();
  }

  public Mode mode() {
    return mode;
  }

  public Settings settings() {
    return settings;
  }

  /**
   * Why it would not turn the flag by itself, whatever burns; empty where nothing speaks against.
   */
  public List<String> refusals(FlagState flag) {
    return Eligibility.standing(settings, flag);
  }

  /** Changes how far the guard may go, until the next start; on record. */
  public synchronized void setMode(Mode next, String actor, Instant now) {
    if (next != mode) {
      journal.tell(
          Kind.MODE,
          actor,
          "The mode is %s, was %s.".formatted(Journal.word(next), Journal.word(mode)),
          now);
      mode = next;
      lookedAt.clear();
    }
  }

  /**
   * The clock was set, and says {@code now} since: what has a time on it may be wrong, so nothing
   * is done by itself for a while.
   */
  public synchronized void noticeClockStep(Instant now) {
    lookout.steadySince(now);
    lookedAt.clear();
    protocol.forgetPauses();
    asking.forgetPauses();
    journal.tell(Kind.CLOCK_SET, Mitigation.GUARD, "The clock was set.", now);
  }

  /** Whether the stop switch is on. */
  public boolean isStopped() {
    return stop.getAsBoolean();
  }

  /** Puts on record that somebody has turned the stop switch, which is not the guard's own. */
  public synchronized void noticeStop(String actor, Instant now) {
    boolean next = stop.getAsBoolean();
    if (next != stopped) {
      journal.tell(
          next ? Kind.STOPPED : Kind.RESUMED,
          actor,
          next ? "The stop switch is on: nothing is sent." : "The stop switch is off.",
          now);
      stopped = next;
    }
  }
}
