package firebreak.deploytracker;

import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All tellings of one change, folded into one.
 *
 * <p>Folding is a join: each field keeps the value of the highest-ranked telling that has it (of
 * equal ranks the greater value), and the time is the earliest told. A join does not depend on the
 * order or the number of tellings, so late, repeated and shuffled deliveries end in the same state;
 * and a telling that leaves the fold as it is can be dropped for good.
 *
 * <p>What the source said when it was asked outranks all that was told up to then, whatever its
 * state; what ended after that outranks it.
 *
 * @param settled as of when the source was last asked and contradicted; the beginning of time where
 *     it never was
 */
record Folded(Map<String, Ranked> fields, Instant settled) {

  /** A value and the rank of the telling that it came from. */
  record Ranked(String rank, Value value) {
    boolean yieldsTo(Ranked other) {
      int order = rank.compareTo(other.rank);
      return order < 0 || (order == 0 && value.compareTo(other.value) < 0);
    }
  }

  static final Folded NOTHING = new Folded(Map.of(), Instant.EPOCH);

  /**
   * The fold with one more telling; this very fold when the telling adds nothing to it.
   *
   * @param asOf null of what was only told
   */
  Folded with(Change telling, @Nullable Instant asOf) {
    String rank = rank(telling, asOf);
    Map<String, Value> tells = new HashMap<>(ChangeFields.of(telling));
    if (asOf != null) {
      // It is not over: an end that was told before is none.
      tells.putIfAbsent(ChangeFields.FINISHED, Value.of(""));
    }
    Instant last = asOf == null || asOf.isBefore(settled) ? settled : asOf;
    Map<String, Ranked> news = new HashMap<>();
    tells.forEach(
        (name, value) -> {
          Ranked told = new Ranked(rank, value);
          Ranked known = fields.get(name);
          if (known == null || outdates(name, told, known)) {
            news.put(name, told);
          }
        });
    if (news.isEmpty() && last.equals(settled)) {
      return this;
    }
    Map<String, Ranked> joined = new HashMap<>(fields);
    joined.putAll(news);
    return new Folded(Map.copyOf(joined), last);
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
  private static String rank(Change telling, @Nullable Instant asOf) {
    return switch (telling) {
      case Change.Build build ->
          asOf == null ? rank(build) : "2 " + settled(asOf) + place(build.state());
      case Change.Deploy deploy ->
          asOf == null ? rank(deploy) : "1 " + settled(asOf) + place(deploy.state());
      case Change.FlagChange flag ->
          Change.id(flag.isFirstSight() ? "0" : "1", flag.before(), flag.after());
      case Change.Marker _ -> asOf == null ? "" : "1 " + settled(asOf);
    };
  }

  /** What ended later outranks what ended earlier: some tools run failed jobs of a build again. */
  private static String rank(Change.Build build) {
    Instant end = build.finishedAt();
    int place = place(build.state());
    return place < 2 ? String.valueOf(place) : "2 " + ended(end, Instant.EPOCH) + place;
  }

  private static int place(Change.BuildState state) {
    return switch (state) {
      case QUEUED -> 0;
      case RUNNING -> 1;
      case SUCCEEDED -> 2;
      case FAILED -> 3;
      case CANCELLED -> 4;
    };
  }

  /** As of a build; a failure whose end nobody tells is not outranked by a success. */
  private static String rank(Change.Deploy deploy) {
    Instant end = deploy.finishedAt();
    return switch (deploy.state()) {
      case STARTED -> "0";
      case SUCCEEDED -> "1 " + ended(end, Instant.EPOCH) + place(deploy.state());
      case FAILED -> "1 " + ended(end, Telling.LATEST) + place(deploy.state());
      case ROLLED_BACK -> "2";
    };
  }

  private static int place(Change.DeployState state) {
    return switch (state) {
      case STARTED -> 0;
      case SUCCEEDED -> 1;
      case FAILED -> 2;
      case ROLLED_BACK -> 3;
    };
  }

  private static String ended(@Nullable Instant end, Instant otherwise) {
    return "%019d 0 ".formatted(millis(end == null ? otherwise : end));
  }

  /** Above what ended at that time. */
  private static String settled(Instant asOf) {
    return "%019d 1 ".formatted(millis(asOf));
  }

  private static long millis(Instant time) {
    return Math.max(0, time.toEpochMilli());
  }
}
