package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.deploytracker.Change;
import firebreak.deploytracker.ChangeLog;
import firebreak.deploytracker.Suspect;
import firebreak.deploytracker.Verdict;
import firebreak.deploytracker.github.GitHubAnswer;
import firebreak.deploytracker.github.SuspectCommit;
import firebreak.guard.Incident;
import firebreak.server.BuildCommits.Brought;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits behind the suspects of incidents. GitHub is asked aside, once for each deploy; the
 * guard and those who look at an incident never wait for it.
 */
final class SuspectCommits implements AutoCloseable {
  /** Deploys of which the commits are kept in memory. */
  static final int KEPT = 500;

  /** A suspect believed less than this is not worth a request. */
  private static final double SUSPICION = 0.05;

  private static final int AT_A_TIME = 2;
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(1);
  private static final Duration AGAIN_WHERE_HOPELESS = Duration.ofMinutes(10);
  private static final Logger LOG = LoggerFactory.getLogger(SuspectCommits.class);

  private final ChangeLog changes;
  private final BuildCommits commits;
  private final Config.GitHub config;
  private final InstantSource clock;
  private final Semaphore permits = new Semaphore(AT_A_TIME);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("commits-", 0).factory());
  private volatile Consumer<Incident> listener = _ -> {};

  /** The answer of each deploy; guarded by this. */
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > KEPT;
        }
      };

  /** An answer, and when it is worth asking again; one under way says that it is. */
  private record Known(GitHubAnswer<Brought> answer, Instant againAt) {}

  SuspectCommits(
      ChangeLog changes, BuildCommits commits, Config.GitHub config, InstantSource clock) {
    this.changes = changes;
    this.commits = commits;
    this.config = config;
    this.clock = clock;
  }

  /** Calls with each incident of which commits have become known. */
  void onFound(Consumer<Incident> next) {
    listener = next;
  }

  /** Has the commits of an incident's suspects looked up where they are not known; quick. */
  void look(Incident incident) {
    for (Suspect suspect : incident.finding().suspects()) {
      if (suspect.posterior() >= SUSPICION
          && changes.find(suspect.changeId()).orElse(null) instanceof Change.Deploy deploy
          && config.covers(deploy.repository())
          && isDue(deploy.id())) {
        threads.execute(() -> find(deploy, incident));
      }
    }
  }

  private synchronized boolean isDue(String deploy) {
    Instant now = clock.instant();
    Known before = known.get(deploy);
    if (before != null && now.isBefore(before.againAt())) {
      return false;
    }
    known.put(
        deploy,
        new Known(
            new GitHubAnswer.Unavailable<>("GitHub is being asked", true, Duration.ZERO),
            now.plus(AGAIN_AFTER)));
    return true;
  }

  private void find(Change.Deploy deploy, Incident incident) {
    try {
      permits.acquire();
      try {
        keep(deploy.id(), commits.of(deploy));
      } finally {
        permits.release();
      }
      listener.accept(incident);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the commits of {} cannot be looked up; it is tried again", deploy.name(), e);
    }
  }

  private synchronized void keep(String deploy, GitHubAnswer<Brought> answer) {
    Instant now = clock.instant();
    Instant again =
        switch (answer) {
          case GitHubAnswer.Found<Brought> _ -> Instant.MAX;
          case GitHubAnswer.Unavailable<Brought> no -> {
            Duration wait = no.retry() ? AGAIN_AFTER : AGAIN_WHERE_HOPELESS;
            yield now.plus(no.after().compareTo(wait) > 0 ? no.after() : wait);
          }
        };
    known.put(deploy, new Known(answer, again));
  }

  private synchronized GitHubAnswer<Brought> answer(String deploy) {
    Known found = known.get(deploy);
    return found == null
        ? new GitHubAnswer.Unavailable<>("GitHub is being asked", true, Duration.ZERO)
        : found.answer();
  }

  /** Adds what is known to the suspects of an incident's view, and has the rest looked up. */
  void add(ObjectNode view, Incident incident) {
    look(incident);
    Verdict.Lever lever = incident.finding().verdict().lever();
    String flag = lever == null ? "" : lever.flag();
    for (JsonNode suspect : view.path("suspects")) {
      if (changes.find(suspect.path("change_id").asText()).orElse(null)
              instanceof Change.Deploy deploy
          && config.covers(deploy.repository())
          && suspect.path("posterior").asDouble() >= SUSPICION) {
        add((ObjectNode) suspect, answer(deploy.id()), flag);
      }
    }
  }

  private static void add(ObjectNode suspect, GitHubAnswer<Brought> answer, String flag) {
    switch (answer) {
      case GitHubAnswer.Found<Brought> found -> {
        List<SuspectCommit> ranked = SuspectCommit.rank(found.value().comparison(), flag);
        suspect.put("commits_total", found.value().comparison().total());
        ArrayNode list = JsonTree.array(ranked, SuspectCommits::view);
        suspect.set("commits", list);
        suspect.set(
            "pull_requests",
            JsonTree.array(found.value().pullRequests(), CommitRoutes::pullRequest));
        suspect.put("commits_note", "");
      }
      case GitHubAnswer.Unavailable<Brought> no -> {
        suspect.putNull("commits_total");
        suspect.putNull("commits");
        suspect.putNull("pull_requests");
        suspect.put("commits_note", no.why());
      }
    }
  }

  private static ObjectNode view(SuspectCommit suspect) {
    ObjectNode view = CommitRoutes.commit(suspect.commit());
    view.set("reasons", JsonTree.texts(suspect.reasons()));
    return view;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
