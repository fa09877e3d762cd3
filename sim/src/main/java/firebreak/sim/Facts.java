package firebreak.sim;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a deployer and a provider of flags tell through the project's own routes. */
final class Facts {
  static final String DEPLOYS = "/api/v1/deploys";
  static final String FLAG_CHANGES = "/api/v1/flag-changes";
  private static final String ENVIRONMENT = "production";

  private Facts() {}

  /**
   * A state of a deploy.
   *
   * @param time when the deploy started
   * @param finishedAt null until then
   * @param key the same in each telling of the deploy
   */
  static Map<String, Object> deploy(
      String service,
      String build,
      String commit,
      String state,
      Instant time,
      @Nullable Instant finishedAt,
      String key) {
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("service", service);
    fact.put("environment", ENVIRONMENT);
    fact.put("build_id", build);
    fact.put("commit", commit);
    fact.put("state", state);
    fact.put("time", time.toString());
    if (finishedAt != null) {
      fact.put("finished_at", finishedAt.toString());
    }
    fact.put("actor", "deployer");
    fact.put("idempotency_key", key);
    return fact;
  }

  /**
   * A change of a flag.
   *
   * @param service empty where the provider does not know who asks for the flag
   * @param version what the flag's provider calls its state after the change
   * @param before the definition, as a tree of JSON
   */
  static Map<String, Object> flagChange(
      String flag, String service, Object version, Instant time, Object before, Object after) {
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("flag", flag);
    fact.put("environment", ENVIRONMENT);
    fact.put("service", service);
    fact.put("time", time.toString());
    fact.put("version", version);
    fact.put("actor", "release manager");
    fact.put("before", before);
    fact.put("after", after);
    return fact;
  }

  /** Weights of a flag whose first variation goes to so many in a hundred. */
  static Map<String, Object> rollout(int percent) {
    return Map.of(
        "rollout",
        List.of(
            Map.of("variation", 0, "weight", percent * 1_000),
            Map.of("variation", 1, "weight", 100_000 - percent * 1_000)));
  }
}
