package firebreak.server;

import firebreak.deploytracker.ReleaseReport;
import firebreak.deploytracker.Rollout;
import firebreak.eventstore.TimeRange;
import firebreak.flags.Withdrawal;
import firebreak.guard.Incident;
import firebreak.guard.Mitigation;
import firebreak.records.Notice;
import firebreak.records.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what is new about the builds of the last day, and writes it down for GitHub: what is told
 * again when it changes, and only then. The courier takes it there.
 */
final class ReleaseReporter implements AutoCloseable {
  static final Duration EVERY = Duration.ofSeconds(10);
  static final Duration LOOKS_BACK = Duration.ofDays(1);

  /** The latest so many builds are told of. */
  static final int RELEASES_AT_MOST = 20;

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseReporter.class);

  private final Releases releases;
  private final Outbox outbox;
  private final Config.GitHub config;
  private final String base;
  private final InstantSource clock;
  private final Thread thread = Thread.ofVirtual().name("release-reports").unstarted(this::rounds);
  private volatile boolean running = true;

  /**
   * A reporter.
   *
   * @param base goes before the path of a page in links
   */
  ReleaseReporter(
      Releases releases, Outbox outbox, Config.GitHub config, String base, InstantSource clock) {
    this.releases = releases;
    this.outbox = outbox;
    this.config = config;
    this.base = base;
    this.clock = clock;
  }

  /** Starts, if anything is to be told of releases. */
  void start() {
    if (config.tells().stream().anyMatch(ReleaseReporter::isOfReleases)) {
      thread.start();
    }
  }

  private static boolean isOfReleases(Config.Tell tell) {
    return switch (tell) {
      case COMMENT, CHECK, DEPLOYMENT -> true;
      case GATE -> false;
    };
  }

  private void rounds() {
    while (running) {
      try {
        look(clock.instant());
      } catch (RuntimeException e) {
        LOG.error("releases cannot be looked at for GitHub; the next round goes on", e);
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Writes down what is new. */
  void look(Instant now) {
    releases.in(TimeRange.before(now, LOOKS_BACK)).stream()
        .filter(rollout -> config.repositories().contains(rollout.repository()))
        .filter(rollout -> !rollout.commit().isEmpty())
        .limit(RELEASES_AT_MOST)
        .forEach(rollout -> tell(report(rollout, now), now));
  }

  private ReleaseReport report(Rollout rollout, Instant now) {
    return ReleaseReport.of(
        rollout,
        releases.blaming(rollout).stream().map(this::blame).toList(),
        releases.impacts(rollout, now).stream()
            .map(impact -> new ReleaseReport.Impact(impact.objective(), impact.sides()))
            .toList(),
        now);
  }

  private ReleaseReport.Blame blame(Incident incident) {
    return new ReleaseReport.Blame(
        incident.id(),
        incident.alert().objective().id(),
        incident.state() != Incident.State.CLOSED,
        incident.finding().verdict().posterior(),
        incident.alert().beganAt(),
        done(incident),
        base + "incidents/" + incident.id());
  }

  /** Names the flag and not for whom: not all who read a repository may know the customers. */
  private static String done(Incident incident) {
    Mitigation mitigation = incident.mitigation();
    if (mitigation == null || mitigation.appliedAt() == null) {
      return "Nothing was turned off.";
    }
    Withdrawal withdrawal = mitigation.withdrawal();
    return switch (mitigation.state()) {
      case RETURNING -> "What was turned off is coming back, step by step.";
      case UNDONE -> "What was turned off is on again.";
      case EFFECTIVE ->
          "The flag %s was turned off for some, and it helped.".formatted(flag(withdrawal));
      case INEFFECTIVE ->
          "The flag %s was turned off for some, and it did not help.".formatted(flag(withdrawal));
      case RECOMMENDED,
          INTENDED,
          SENT,
          AWAITING_APPROVAL,
          UNKNOWN,
          APPLIED,
          VERIFYING,
          SUPERSEDED,
          CANCELLED,
          DECLINED,
          ESCALATED ->
          "The flag %s was turned off for some.".formatted(flag(withdrawal));
    };
  }

  private static String flag(Withdrawal withdrawal) {
    return "`" + withdrawal.flag().replaceAll("[^\\w.-]", " ") + "`";
  }

  private void tell(ReleaseReport report, Instant now) {
    for (Config.Tell tell : config.tells()) {
      if (isOfReleases(tell)) {
        List<GitHubNotice> notices = GitHubNotice.of(tell, report, base);
        notices.forEach(notice -> write(notice, now));
      }
    }
  }

  private void write(GitHubNotice notice, Instant now) {
    Optional<Notice.Waiting> latest = outbox.latest(GitHubNotice.DESTINATION, notice.subject());
    if (latest.map(one -> GitHubNotice.gist(one.notice())).orElse("").equals(notice.gist())) {
      return;
    }
    long next = latest.map(one -> one.sequence() + 1).orElse(0L);
    outbox.add(List.of(notice.notice(notice.subject() + "/" + next)), now);
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
  }
}
