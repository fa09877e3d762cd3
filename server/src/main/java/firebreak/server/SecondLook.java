package firebreak.server;

import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.ChangeLog.Settled;
import firebreak.deploytracker.github.CurrentState;
import firebreak.deploytracker.github.GitHubAnswer;
import firebreak.deploytracker.github.GitHubSubject;
import firebreak.eventstore.TimeRange;
import firebreak.server.SecondLookQueue.Waiting;
import firebreak.webhooks.Inbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again from GitHub what its deliveries spoke of, and has what it says recorded; it does
 * nothing else. One thing at a time, so that GitHub is never asked faster than it answers. While it
 * does not answer, what was told stands.
 */
final class SecondLook implements AutoCloseable {
  /** GitHub's API may be behind what it sends; what is told meanwhile is read once. */
  static final Duration SOON = Duration.ofSeconds(2);

  /** What is under way is soon told of again. */
  static final Duration LATER = Duration.ofMinutes(1);

  /** So often an answer that is older than what was told is not believed: for two minutes. */
  static final int BEHIND_AT_MOST = 6;

  static final Duration GIVEN_UP_AFTER = Duration.ofDays(1);

  /** So far back a repository is looked through. */
  static final Duration LOOKED_BACK = Duration.ofDays(1);

  private static final int TROUBLES_AT_MOST = 300;
  private static final Duration PAUSE_AT_MOST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(SecondLook.class);

  private final CurrentState gitHub;
  private final ChangeLog changes;
  private final Inbox inbox;
  private final Config.GitHub config;
  private final InstantSource clock;
  private final SecondLookQueue queue = new SecondLookQueue();
  private final Thread thread = Thread.ofVirtual().name("second-look").unstarted(this::rounds);
  private volatile boolean running = true;

  /** The last trouble with each kind of thing of each repository, so that it is said once. */
  private final Map<String, String> troubles = new HashMap<>();

  private Instant quietUntil = Instant.MIN;
  private int failuresInARow;

  SecondLook(
      CurrentState gitHub,
      ChangeLog changes,
      Inbox inbox,
      Config.GitHub config,
      InstantSource clock) {
    this.gitHub = gitHub;
    this.changes = changes;
    this.inbox = inbox;
    this.config = config;
    this.clock = clock;
  }

  /** What waited before a restart is not known: what was told lately is looked through instead. */
  void start() {
    remember(clock.instant());
    thread.start();
  }

  void remember(Instant now) {
    for (Change change : changes.changes(TimeRange.before(now, LOOKED_BACK))) {
      switch (change) {
        case Change.Build build -> lookThrough(build.repository());
        case Change.Deploy deploy -> lookThrough(deploy.repository());
        case Change.FlagChange _ -> {}
        case Change.Marker _ -> {}
      }
    }
  }

  /** Has it read again, if GitHub may be asked about it; quick. */
  void spokenOf(GitHubSubject subject) {
    if (!config.covers(subject.repository())) {
      return;
    }
    Instant now = clock.instant();
    if (!queue.add(subject, now, now.plus(isUnderWay(subject) ? LATER : SOON))) {
      lookThrough(subject.repository());
    }
  }

  private boolean isUnderWay(GitHubSubject subject) {
    return changes.find(subject.changeId()).map(SecondLook::isUnderWay).orElse(false);
  }

  private static boolean isUnderWay(Change change) {
    return switch (change) {
      case Change.Build build ->
          switch (build.state()) {
            case QUEUED, RUNNING -> true;
            case SUCCEEDED, FAILED, CANCELLED -> false;
          };
      case Change.Deploy deploy -> deploy.state() == Change.DeployState.STARTED;
      case Change.FlagChange _ -> false;
      case Change.Marker _ -> false;
    };
  }

  /** Has what is known of a repository read again, the newest of it. */
  void lookThrough(String repository) {
    if (config.covers(repository) && !queue.addAll(repository, clock.instant())) {
      LOG.warn("of {} not all that was told is read again from GitHub: too much waits", repository);
    }
  }

  private void rounds() {
    while (running) {
      try {
        if (!step(clock.instant())) {
          Thread.sleep(EVERY);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (running) {
          LOG.error("what GitHub says cannot be recorded; it is tried again", e);
        }
      }
    }
  }

  /**
   * Reads the next thing that is due; false when there is none, or GitHub wants to be left alone.
   */
  boolean step(Instant now) {
    if (now.isBefore(quietUntil)) {
      return false;
    }
    Waiting next = queue.take(now);
    if (next != null) {
      read(next, now);
      return true;
    }
    String repository = queue.takeAll(now);
    if (repository != null) {
      lookThrough(repository, now);
    }
    return repository != null;
  }

  private void read(Waiting next, Instant now) {
    GitHubSubject subject = next.subject();
    try {
      switch (gitHub.of(subject)) {
        case GitHubAnswer.Found<CurrentState.Said>(CurrentState.Said said) -> {
          answered(name(subject));
          take(next, said, now);
        }
        case GitHubAnswer.Unavailable<CurrentState.Said> no -> {
          if (isWorthAsking(name(subject), no, now)) {
            again(next, no, now);
          }
        }
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("what GitHub says of {} is not understood: {}", subject, e.getMessage());
    } catch (RuntimeException e) {
      queue.again(next.failed(now, Duration.ZERO));
      throw e;
    }
  }

  private void take(Waiting next, CurrentState.Said said, Instant now) {
    GitHubSubject subject = next.subject();
    boolean insists = next.behind() >= BEHIND_AT_MOST;
    byte[] body = said.payload().toString().getBytes(StandardCharsets.UTF_8);
    Optional<Settled> settled = inbox.settle(said.event(), body, said.asOf(), insists, now);
    // A merge that GitHub does not know: there is no telling that takes a marker away.
    boolean isDenied = settled.isEmpty() && changes.find(subject.changeId()).isPresent();
    boolean isCorrected = settled.equals(Optional.of(Settled.CORRECTED));
    if (isDenied && insists) {
      LOG.warn("GitHub does not say what was told of {}; it stands all the same", subject);
    } else if (isDenied || settled.equals(Optional.of(Settled.BEHIND))) {
      queue.again(next.behind(now, SOON));
      return;
    } else if (isCorrected) {
      LOG.info("GitHub says otherwise than was told of {}; what it says stands", subject);
    }
    if ((isUnderWay(subject) || (isCorrected && insists))
        && !next.isOlderThan(GIVEN_UP_AFTER, now)) {
      queue.again(next.open(now));
    }
  }

  private static String name(GitHubSubject subject) {
    return switch (subject) {
      case GitHubSubject.Run run -> "runs of " + run.repository();
      case GitHubSubject.Deployment deployment -> "deployments of " + deployment.repository();
      case GitHubSubject.PullRequest pull -> "pull requests of " + pull.repository();
    };
  }

  private void again(Waiting next, GitHubAnswer.Unavailable<CurrentState.Said> no, Instant now) {
    if (next.isOlderThan(GIVEN_UP_AFTER, now)) {
      LOG.warn("{} was not read again in a day; what was told of it stands", next.subject());
    } else {
      queue.again(next.failed(now, no.isLimit() ? Duration.ZERO : no.after()));
    }
  }

  /** Says what is the matter once, and leaves GitHub alone; whether asking later can help. */
  private <T> boolean isWorthAsking(String what, GitHubAnswer.Unavailable<T> no, Instant now) {
    if (troubles.size() >= TROUBLES_AT_MOST) {
      troubles.clear();
    }
    if (running && !no.why().equals(troubles.put(what, no.why()))) {
      LOG.warn(
          "what was told of {} stands, and cannot be read again from GitHub{}: {}",
          what,
          no.retry() ? " yet" : "",
          no.why());
    }
    if (no.retry()) {
      Duration pause = Duration.ofSeconds(1L << Math.min(failuresInARow++, 6));
      pause = pause.compareTo(PAUSE_AT_MOST) > 0 ? PAUSE_AT_MOST : pause;
      quietUntil = now.plus(no.isLimit() ? no.after() : pause);
    }
    return no.retry();
  }

  private void answered(String what) {
    failuresInARow = 0;
    if (troubles.remove(what) != null) {
      LOG.info("what was told of {} can be read again from GitHub", what);
    }
  }

  private void lookThrough(String repository, Instant now) {
    try {
      switch (gitHub.recent(repository)) {
        case GitHubAnswer.Found<List<GitHubSubject>>(List<GitHubSubject> found) -> {
          answered(repository);
          Instant from = now.minus(LOOKED_BACK);
          found.stream()
              .filter(subject -> isKnownSince(from, subject))
              .forEach(subject -> queue.add(subject, now, now));
        }
        case GitHubAnswer.Unavailable<List<GitHubSubject>> no -> {
          if (isWorthAsking(repository, no, now)) {
            Duration wait = no.after().compareTo(PAUSE_AT_MOST) > 0 ? no.after() : PAUSE_AT_MOST;
            queue.addAll(repository, now.plus(wait));
          }
        }
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("what GitHub says of {} is not understood: {}", repository, e.getMessage());
    }
  }

  private boolean isKnownSince(Instant from, GitHubSubject subject) {
    return changes
        .find(subject.changeId())
        .filter(change -> !change.time().isBefore(from))
        .isPresent();
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
    try {
      if (thread.isAlive()) {
        // Something may be on its way to the disk, which is closed next.
        thread.join(Duration.ofSeconds(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
