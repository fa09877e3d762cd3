package firebreak.server;

import firebreak.deploytracker.github.GitHubAnswer;
import firebreak.deploytracker.github.HookDeliveries;
import firebreak.deploytracker.github.HookDeliveries.Missed;
import firebreak.deploytracker.github.HookOwner;
import firebreak.flags.LaunchDarkly;
import firebreak.webhooks.Inbox;
import firebreak.webhooks.Receipt;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what senders told while nobody heard: GitHub is asked to send again what was not taken, and
 * LaunchDarkly's audit log is read. Both end in the inbox, which knows what it has had.
 */
final class MissedDeliveries implements AutoCloseable {
  static final Duration EVERY = Duration.ofMinutes(2);

  /** So many a round are sent again; the rest in the next. */
  static final int REDELIVERED_AT_MOST = 50;

  /** After a start so far back the audit log is read, and then over the last hours each time. */
  private static final Duration FIRST_LOOK = Duration.ofDays(1);

  private static final Duration LOOK = Duration.ofHours(2);
  private static final int ENTRIES_REMEMBERED = 10_000;
  private static final String GITHUB = "/webhooks/github";
  private static final Logger LOG = LoggerFactory.getLogger(MissedDeliveries.class);

  private final Config config;
  private final HookDeliveries deliveries;
  private final @Nullable LaunchDarkly launchDarkly;
  private final Inbox inbox;
  private final InstantSource clock;
  private final Duration every;
  private final Thread thread = Thread.ofVirtual().name("missed").unstarted(this::rounds);
  private final Set<String> entries = remembered();
  private final Set<String> hopeless = remembered();
  private volatile boolean running = true;
  private final List<HookOwner> owners;
  private final Map<HookOwner, Instant> due = new HashMap<>();
  private Instant gitHubDue = Instant.MIN;
  private boolean looked;

  /**
   * Watches over what may be missed.
   *
   * @param launchDarkly null where its API may not be asked
   */
  MissedDeliveries(
      Config config,
      HookDeliveries deliveries,
      @Nullable LaunchDarkly launchDarkly,
      Inbox inbox,
      InstantSource clock,
      Duration every) {
    this.config = config;
    this.owners =
        Stream.<HookOwner>concat(
                config.github().repositories().stream().map(HookOwner.Repository::new),
                config.github().organisations().stream().map(HookOwner.Organisation::new))
            .toList();
    this.deliveries = deliveries;
    this.launchDarkly = launchDarkly;
    this.inbox = inbox;
    this.clock = clock;
    this.every = every;
  }

  private static Set<String> remembered() {
    return Collections.newSetFromMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > ENTRIES_REMEMBERED;
          }
        });
  }

  void start() {
    if (launchDarkly != null || config.github().redeliver()) {
      thread.start();
    }
  }

  private void rounds() {
    while (running) {
      try {
        look(clock.instant());
      } catch (RuntimeException e) {
        LOG.error("missed deliveries cannot be looked for; the next round goes on", e);
      }
      try {
        Thread.sleep(every);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One round. */
  void look(Instant now) {
    if (config.github().redeliver()) {
      for (HookOwner owner : owners) {
        if (!now.isBefore(gitHubDue) && !now.isBefore(due.getOrDefault(owner, Instant.MIN))) {
          askGitHub(owner, now);
        }
      }
    }
    LaunchDarkly asked = launchDarkly;
    if (asked != null) {
      readAuditLog(asked, now);
    }
  }

  private void askGitHub(HookOwner owner, Instant now) {
    GitHubAnswer<List<Long>> hooks = deliveries.hooks(owner, this::isOurs);
    if (hooks instanceof GitHubAnswer.Found<List<Long>>(List<Long> ids)) {
      for (long hook : ids) {
        tellTrouble(
            owner,
            deliveries.missed(owner, hook).then(missed -> redeliver(owner, hook, missed)),
            now);
      }
    } else {
      tellTrouble(owner, hooks, now);
    }
  }

  /** Where it is known how we are reached, another Firebreak's webhook is left alone. */
  private boolean isOurs(String url) {
    return config.outgoing().publicUrl() == null
        ? url.endsWith(GITHUB)
        : url.equals(config.base().replaceAll("/$", "") + GITHUB);
  }

  private GitHubAnswer<List<Missed>> redeliver(HookOwner owner, long hook, List<Missed> missed) {
    int sent = 0;
    for (Missed one : missed) {
      if (one.isHopeless()) {
        if (hopeless.add(one.guid())) {
          LOG.warn(
              "GitHub's delivery {} ({}) of {} was not taken {} times; it is left alone",
              one.guid(),
              one.event(),
              owner.name(),
              one.attempts());
        }
      } else if (sent++ < REDELIVERED_AT_MOST
          && deliveries.redeliver(owner, hook, one)
              instanceof GitHubAnswer.Unavailable<Missed> unavailable) {
        return unavailable.of();
      }
    }
    return new GitHubAnswer.Found<>(missed);
  }

  /** A limit holds for whatever is asked; what may not be seen of one may be of another. */
  private <T> void tellTrouble(HookOwner owner, GitHubAnswer<T> answer, Instant now) {
    if (answer instanceof GitHubAnswer.Unavailable<T> no) {
      LOG.warn("what GitHub sent of {} cannot be looked at: {}", owner.name(), no.why());
      Instant again = now.plus(no.after());
      if (!no.isLimit()) {
        due.put(owner, again);
      } else if (again.isAfter(gitHubDue)) {
        gitHubDue = again;
      }
    }
  }

  private void readAuditLog(LaunchDarkly asked, Instant now) {
    try {
      for (String id : asked.auditedSince(now.minus(looked ? LOOK : FIRST_LOOK)).reversed()) {
        if (!entries.contains(id)) {
          byte[] body = asked.audited(id).getBytes(StandardCharsets.UTF_8);
          if (inbox.read("launchdarkly", body, now) instanceof Receipt.Rejected rejected) {
            LOG.warn("LaunchDarkly's entry {} is not understood: {}", id, rejected.why());
          }
          entries.add(id);
        }
      }
      looked = true;
    } catch (UncheckedIOException e) {
      LOG.warn("LaunchDarkly's audit log cannot be read: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
  }
}
