package firebreak.deploytracker.github;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What GitHub sent to a webhook and what became of it: GitHub does not send again by itself what
 * was not taken, but does when it is asked to, for three days. What comes again is signed as the
 * first time.
 */
public final class HookDeliveries {
  /** So often one delivery is tried in all. */
  public static final int ATTEMPTS_AT_MOST = 5;

  /** Older ones are not looked at: so many pages of a hundred are read. */
  static final int PAGES_AT_MOST = 10;

  private static final int PAGE = 100;

  private final GitHubApi gitHub;

  public HookDeliveries(GitHubApi gitHub) {
    this.gitHub = gitHub;
  }

  /**
   * A delivery that was never taken.
   *
   * @param id of its latest attempt
   * @param guid the same for all attempts
   */
  public record Missed(long id, String guid, String event, int attempts) {
    public boolean isHopeless() {
      return attempts >= ATTEMPTS_AT_MOST;
    }
  }

  /** The ids of the webhooks whose address is so. */
  public GitHubAnswer<List<Long>> hooks(HookOwner owner, Predicate<String> address) {
    return gitHub
        .call("GET", owner, "/hooks?per_page=" + PAGE, null)
        .then(
            hooks -> {
              List<Long> found = new ArrayList<>();
              for (JsonNode hook : hooks) {
                if (address.test(hook.path("config").path("url").asText())) {
                  found.add(hook.path("id").asLong());
                }
              }
              return new GitHubAnswer.Found<>(List.copyOf(found));
            });
  }

  /** The deliveries of a webhook that no attempt of was taken, the oldest first. */
  public GitHubAnswer<List<Missed>> missed(HookOwner owner, long hook) {
    String path = "/hooks/%d/deliveries?per_page=%d".formatted(hook, PAGE);
    return gitHub
        .pages(owner, path, PAGES_AT_MOST)
        .then(items -> new GitHubAnswer.Found<>(missed(items)));
  }

  /** Of attempts, newest first. */
  static List<Missed> missed(List<JsonNode> attempts) {
    Map<String, Missed> missed = new LinkedHashMap<>();
    Map<String, Boolean> taken = new LinkedHashMap<>();
    for (JsonNode attempt : attempts) {
      String guid = attempt.path("guid").asText();
      int status = attempt.path("status_code").asInt();
      taken.merge(guid, status / 100 == 2, Boolean::logicalOr);
      Missed later = missed.get(guid);
      missed.put(
          guid,
          later == null
              ? new Missed(attempt.path("id").asLong(), guid, attempt.path("event").asText(), 1)
              : new Missed(later.id(), guid, later.event(), later.attempts() + 1));
    }
    return missed.values().stream()
        .filter(one -> !taken.getOrDefault(one.guid(), false))
        .toList()
        .reversed();
  }

  /** Has GitHub send it once more. */
  public GitHubAnswer<Missed> redeliver(HookOwner owner, long hook, Missed missed) {
    return gitHub
        .call("POST", owner, "/hooks/%d/deliveries/%d/attempts".formatted(hook, missed.id()), null)
        .then(_ -> new GitHubAnswer.Found<>(missed));
  }
}
