package firebreak.deploytracker;

import java.util.List;

/**
 * Which event fields carry a meaning; of each list the first that an event has counts. The field
 * {@code flag.<key>} holds the variation served of a flag.
 */
public record FieldRoles(
    List<String> service,
    List<String> environment,
    List<String> build,
    List<Unit> unit,
    List<String> host) {

  public static final String FLAG_PREFIX = "flag.";

  public static final FieldRoles DEFAULT =
      new FieldRoles(
          List.of("service.name"),
          List.of("deployment.environment.name", "environment"),
          List.of("build_id", "service.version"),
          List.of(new Unit("customer_id", "customer"), new Unit("user_id", "user")),
          List.of("host.name"));

  /** The flag whose variation the field holds; empty for any other field. */
  static String flag(String field) {
    return field.startsWith(FLAG_PREFIX) ? field.substring(FLAG_PREFIX.length()) : "";
  }

  /** A field that names whom an event was for, and the flag provider's kind of context for it. */
  public record Unit(String field, String contextKind) {}

  public FieldRoles {
    service = List.copyOf(service);
    environment = List.copyOf(environment);
    build = List.copyOf(build);
    unit = List.copyOf(unit);
    host = List.copyOf(host);
  }
}
