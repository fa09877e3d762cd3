package firebreak.deploytracker;

import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * All tellings of one change, folded into one.
 *
 * <p>Folding is a join: each field keeps the value of the highest-ranked telling that has it (of
 * equal ranks the greater value), and the time is the earliest told. A join does not depend on the
 * order or the number of tellings, so late, repeated and shuffled deliveries end in the same state;
 * and a telling that leaves the fold as it is can be dropped for good.
 */
record Folded(Map<String, Ranked> fields) {

  /** A value and the rank of the telling that it came from. */
  record Ranked(String rank, Value value) {
    boolean yieldsTo(Ranked other) {
      int order = rank.compareTo(other.rank);
      return order < 0 || (order == 0 && value.compareTo(other.value) < 0);
    }
  }

  static final Folded NOTHING = new Folded(Map.of());

  Folded with(Change telling) {
    Map<String, Ranked> joined = new HashMap<>(fields);
    String rank = rank(telling);
    ChangeFields.of(telling)
        .forEach((name, value) -> joined.merge(name, new Ranked(rank, value), pick(name)));
    return new Folded(Map.copyOf(joined));
  }

  Change change() {
    Map<String, Value> values = new HashMap<>();
    fields.forEach((name, ranked) -> values.put(name, ranked.value()));
    return ChangeFields.read(values)
        .orElseThrow(() -> new IllegalStateException("a fold of changes is a change"));
  }

  private static BinaryOperator<Ranked> pick(String name) {
    return name.equals(ChangeFields.TIME)
        ? (a, b) -> instant(a).isAfter(instant(b)) ? b : a
        : (a, b) -> a.yieldsTo(b) ? b : a;
  }

  private static Instant instant(Ranked time) {
    return Instant.parse(time.value().display());
  }

  /**
   * A later state outranks an earlier. Of a flag, a telling that knows what was before outranks one
   * that does not, and before and after are to come from the same telling.
   */
  private static String rank(Change telling) {
    return switch (telling) {
      case Change.Build build -> rank(build.state());
      case Change.Deploy deploy -> rank(deploy.state());
      case Change.FlagChange flag ->
          Change.id(flag.isFirstSight() ? "0" : "1", flag.before(), flag.after());
      case Change.Marker _ -> "";
    };
  }

  private static String rank(Change.BuildState state) {
    return switch (state) {
      case QUEUED -> "0";
      case RUNNING -> "1";
      case SUCCEEDED -> "2";
      case FAILED -> "3";
      case CANCELLED -> "4";
    };
  }

  private static String rank(Change.DeployState state) {
    return switch (state) {
      case STARTED -> "0";
      case SUCCEEDED -> "1";
      case FAILED -> "2";
      case ROLLED_BACK -> "3";
    };
  }
}
