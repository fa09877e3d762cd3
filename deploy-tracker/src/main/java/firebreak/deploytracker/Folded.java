package firebreak.deploytracker;

import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

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

  /** The fold with one more telling; this very fold when the telling adds nothing to it. */
  Folded with(Change telling) {
    String rank = rank(telling);
    Map<String, Ranked> news = new HashMap<>();
    ChangeFields.of(telling)
        .forEach(
            (name, value) -> {
              Ranked told = new Ranked(rank, value);
              Ranked known = fields.get(name);
              if (known == null || outdates(name, told, known)) {
                news.put(name, told);
              }
            });
    if (news.isEmpty()) {
      return this;
    }
    Map<String, Ranked> joined = new HashMap<>(fields);
    joined.putAll(news);
    return new Folded(Map.copyOf(joined));
  }

  Change change() {
    Map<String, Value> values = new HashMap<>();
    fields.forEach((name, ranked) -> values.put(name, ranked.value()));
    return ChangeFields.read(values)
        .orElseThrow(() -> new IllegalStateException("a fold of changes is a change"));
  }

  private static boolean outdates(String name, Ranked told, Ranked known) {
    return name.equals(ChangeFields.TIME)
        ? instant(told).isBefore(instant(known))
        : known.yieldsTo(told);
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
      case Change.Build build -> rank(build);
      case Change.Deploy deploy -> rank(deploy.state());
      case Change.FlagChange flag ->
          Change.id(flag.isFirstSight() ? "0" : "1", flag.before(), flag.after());
      case Change.Marker _ -> "";
    };
  }

  /** What ended later outranks what ended earlier: some tools run failed jobs of a build again. */
  private static String rank(Change.Build build) {
    Instant end = build.finishedAt();
    long ended = end == null ? 0 : Math.max(0, end.toEpochMilli());
    return switch (build.state()) {
      case QUEUED -> "0";
      case RUNNING -> "1";
      case SUCCEEDED -> "2 %019d 0".formatted(ended);
      case FAILED -> "2 %019d 1".formatted(ended);
      case CANCELLED -> "2 %019d 2".formatted(ended);
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
