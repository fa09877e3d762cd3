package firebreak.server;

import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Probes: the process lives; the parts it needs are ready. */
final class HealthRoutes implements Routes {
  private final SortedMap<String, BooleanSupplier> checks;

  /** Takes the parts that must be ready, by name; a check must not block. */
  HealthRoutes(Map<String, BooleanSupplier> checks) {
    this.checks = new TreeMap<>(checks);
  }

  @Override
  public void register(Router router) {
    router.get("/health/live").handler(ctx -> Answer.json(Map.of("status", "up")).send(ctx));
    router.get("/health/ready").handler(ctx -> ready().send(ctx));
  }

  private Answer ready() {
    SortedMap<String, Boolean> parts = new TreeMap<>();
    checks.forEach((name, check) -> parts.put(name, check.getAsBoolean()));
    boolean all = !parts.containsValue(false);
    return Answer.json(
        all ? 200 : 503, Map.of("status", all ? "ready" : "not ready", "parts", parts));
  }
}
