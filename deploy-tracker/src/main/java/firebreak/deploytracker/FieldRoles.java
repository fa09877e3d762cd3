package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

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

  private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9]\\d{0,17}");

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

  /** Matches the events whose first field of these has the value, as text or as a number. */
  public static Filter is(List<String> fields, String value) {
    Set<Value> forms = new HashSet<>(Set.of(Value.of(value)));
    if (WHOLE_NUMBER.matcher(value).matches()) {
      forms.add(Value.of(Long.parseLong(value)));
    }
    if (value.equals("true") || value.equals("false")) {
      forms.add(Value.of(value.equals("true")));
    }
    List<Filter> alternatives = new ArrayList<>();
    List<Filter> withoutEarlier = new ArrayList<>();
    for (String field : fields) {
      List<Filter> all = new ArrayList<>(withoutEarlier);
      all.add(new Filter.In(field, forms));
      alternatives.add(new Filter.And(all));
      withoutEarlier.add(Filter.not(new Filter.Exists(field)));
    }
    return new Filter.Or(alternatives);
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
