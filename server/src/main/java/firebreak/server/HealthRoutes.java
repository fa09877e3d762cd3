package firebreak.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Probes: the process lives; the parts it needs are ready. */
final class HealthRoutes implements Routes {
  private final SortedMap<String, Check> checks;

  /** Whether a part is ready. */
  @FunctionalInterface
  interface Check {
    /** Why it is not, empty when it is; must not block. */
    String trouble();
  }

  /** Takes the parts that must be ready, by name. */
  HealthRoutes(Map<String, Check> checks) {
    this.checks = new TreeMap<>(checks);
  }

  @Override
  public void register(Router router) {
    router.get("/health/live").handler(ctx -> Answer.json(Map.of("status", "up")).send(ctx));
    router.get("/health/ready").handler(ctx -> ready().send(ctx));
  }

  private Answer ready() {
    ObjectNode view = JsonTree.object();
    ObjectNode parts = JsonTree.object();
    ObjectNode reasons = JsonTree.object();
    checks.forEach(
        (name, check) -> {
          String trouble = check.trouble();
          parts.put(name, trouble.isEmpty());
          if (!trouble.isEmpty()) {
            reasons.put(name, trouble);
          }
        });
    view.put("status", reasons.isEmpty() ? "ready" : "not ready");
    view.set("parts", parts);
    view.set("reasons", reasons);
    return Answer.json(reasons.isEmpty() ? 200 : 503, view);
  }
}
