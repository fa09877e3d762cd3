package firebreak.deploytracker;

import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the changes that could have done it, and joins each to the events it reached. */
final class Lineup {

  /** A change older than this is not blamed. */
  static final Duration AGE_AT_MOST = Duration.ofHours(6);

  /** The onset of a burn is known to about this. */
  static final Duration TOLERANCE = Duration.ofMinutes(2);

  /** A build first seen this soon after the first event of all was there before. */
  private static final Duration SETTLED = Duration.ofMinutes(10);

  /** A variation's share of events must rise by this for the rise to name it. */
  private static final double RISE_AT_LEAST = 0.01;

  private final Sample sample;
  private final History history;
  private final Instant onset;
  private final Map<Value, Instant> firstSeen;
  private final Map<String, Candidate> found = new LinkedHashMap<>();

  Lineup(Sample sample, History history, FieldRoles roles, Instant onset) {
    this.sample = sample;
    this.history = history;
    this.onset = onset;
    this.firstSeen =
        history.firstSeen(
            new TimeRange(onset.minus(AGE_AT_MOST), sample.range().end()), roles.build());
  }

  /** The candidates, oldest change first; several tellings of one exposure count once. */
  List<Candidate> candidates(List<Change> changes) {
    for (Change change : changes) {
      if (change.time().isBefore(onset.minus(AGE_AT_MOST))
          || change.time().isAfter(sample.range().end())) {
        continue;
      }
      switch (change) {
        case Change.Deploy deploy -> add(deploy);
        case Change.Build build -> add(build);
        case Change.FlagChange flag -> add(flag);
        case Change.Marker _ -> {}
      }
    }
    addObserved();
    return found.values().stream()
        .sorted(Comparator.comparing(Candidate::time).thenComparing(Candidate::changeId))
        .toList();
  }

  private void add(Change.Deploy deploy) {
    if (!isServedHere(deploy.environment())) {
      return;
    }
    List<String> names = List.of(deploy.buildId(), deploy.version());
    addBuild(deploy, "deploy", names, deploy.service());
  }

  /** A build that reached no event is only a build. */
  private void add(Change.Build build) {
    if (build.state() == Change.BuildState.SUCCEEDED
        && !buildRows(List.of(build.buildId()), build.service()).isEmpty()) {
      addBuild(build, "build", List.of(build.buildId()), build.service());
    }
  }

  /** Whether events of this environment, or of none, are in the sample. */
  private boolean isServedHere(String environment) {
    Column<Value> column = sample.environments();
    return environment.isEmpty()
        || column.codes() == 1
        || column.codeOf(Value.of(environment)) != Column.ABSENT;
  }

  private void addBuild(Change change, String kind, List<String> names, String service) {
    BitSet exposed = buildRows(names, service);
    String build = names.stream().filter(name -> !name.isEmpty()).findFirst().orElse("");
    Instant start = change.time();
    for (Map.Entry<Value, Instant> seen : firstSeen.entrySet()) {
      if (names.contains(seen.getKey().display()) && seen.getValue().isAfter(start)) {
        start = seen.getValue();
      }
    }
    put(
        "build " + service + " " + build,
        new Candidate(
            change.id(),
            kind,
            change.name(),
            change.time(),
            start,
            build,
            "",
            "",
            serviceRows(service),
            exposed));
  }

  /** Of several changes with one exposure, the declared one nearest before the onset counts. */
  private void put(String key, Candidate candidate) {
    found.merge(key, candidate, this::nearer);
  }

  private Candidate nearer(Candidate a, Candidate b) {
    if (!a.kind().equals(b.kind())) {
      return a.kind().equals("build") ? b : a;
    }
    Instant latest = onset.plus(TOLERANCE);
    if (a.time().isAfter(latest) != b.time().isAfter(latest)) {
      return a.time().isAfter(latest) ? b : a;
    }
    return a.time().isAfter(b.time()) ? a : b;
  }

  private BitSet buildRows(List<String> names, String service) {
    Column<Value> builds = sample.builds();
    BitSet codes = new BitSet();
    for (int code = 1; code < builds.codes(); code++) {
      String name = builds.value(code).display();
      codes.set(code, !name.isEmpty() && names.contains(name));
    }
    BitSet rows = sample.rows(row -> codes.get(builds.code(row)));
    rows.and(serviceRows(service));
    return rows;
  }

  /** The events of a service; those that name none belong to every service. */
  private BitSet serviceRows(String service) {
    Column<Value> services = sample.services();
    int code = services.codeOf(Value.of(service));
    return service.isEmpty() || services.codes() == 1
        ? sample.all()
        : sample.rows(row -> services.code(row) == Column.ABSENT || services.code(row) == code);
  }

  private void add(Change.FlagChange change) {
    String field = FieldRoles.FLAG_PREFIX + change.flag();
    if (change.own() || change.isFirstSight() || !isServedHere(change.environment())) {
      return;
    }
    BitSet exposed = new BitSet();
    String variation = "";
    Value served = sample.otherFields().contains(field) ? risen(field, change.time()) : null;
    if (served != null) {
      Column<Value> column = sample.column(field);
      int code = column.codeOf(served);
      exposed = sample.rows(row -> column.code(row) == code);
      variation = served.display();
    }
    put(
        "flag " + change.flag(),
        new Candidate(
            change.id(),
            "flag",
            change.name(),
            change.time(),
            change.time(),
            "",
            change.flag(),
            variation,
            serviceRows(change.service()),
            exposed));
  }

  /** The variation of which more was served after the change; else the commonest of the failing. */
  private @Nullable Value risen(String field, Instant change) {
    Column<Value> column = sample.column(field);
    Map<Value, Tally> after = new TreeMap<>();
    for (int row = 0; row < sample.size(); row++) {
      if (column.code(row) != Column.ABSENT
          && !sample.startOfMinute(sample.minute(row) + 1).isBefore(change)) {
        Tally one = new Tally(sample.weight(row), sample.isBad(row) ? sample.weight(row) : 0);
        after.merge(column.value(column.code(row)), one, Tally::plus);
      }
    }
    Map<Value, Tally> before =
        history.tallies(TimeRange.before(change, Duration.ofMinutes(30)), Filter.ALL, field);
    Map<Value, Double> rise = new HashMap<>();
    Map<Value, Double> failing = new HashMap<>();
    Tally all = after.values().stream().reduce(Tally.NONE, Tally::plus);
    Tally allBefore = before.values().stream().reduce(Tally.NONE, Tally::plus);
    after.forEach(
        (value, tally) -> {
          double earlier = before.getOrDefault(value, Tally.NONE).events();
          double share = (double) tally.events() / all.events();
          rise.put(value, allBefore.events() == 0 ? 0 : share - earlier / allBefore.events());
          failing.put(value, all.bad() == 0 ? 0 : (double) tally.bad() / all.bad() - share);
        });
    Value most = largest(rise);
    return most != null && rise.getOrDefault(most, 0.0) >= RISE_AT_LEAST ? most : largest(failing);
  }

  private static @Nullable Value largest(Map<Value, Double> numbers) {
    Value largest = null;
    for (Value value : new TreeSet<>(numbers.keySet())) {
      if (largest == null
          || numbers.getOrDefault(value, 0.0) > numbers.getOrDefault(largest, 0.0)) {
        largest = value;
      }
    }
    return largest;
  }

  /** Builds that appeared in traffic without anybody declaring a deploy. */
  private void addObserved() {
    Instant first = firstSeen.values().stream().min(Instant::compareTo).orElse(onset);
    List<Value> declared = new ArrayList<>();
    for (Value build : firstSeen.keySet()) {
      boolean isKnown = found.values().stream().anyMatch(c -> !c.isFlag() && isBuild(c, build));
      if (isKnown) {
        declared.add(build);
      }
    }
    firstSeen.forEach(
        (build, seen) -> {
          if (!declared.contains(build) && seen.isAfter(first.plus(SETTLED))) {
            addObserved(build, seen);
          }
        });
  }

  private boolean isBuild(Candidate candidate, Value build) {
    int code = sample.builds().codeOf(build);
    int row = candidate.exposed().nextSetBit(0);
    return candidate.build().equals(build.display())
        || (row >= 0 && code != Column.ABSENT && sample.builds().code(row) == code);
  }

  private void addObserved(Value build, Instant seen) {
    List<String> names = List.of(build.display());
    BitSet exposed = buildRows(names, "");
    int row = exposed.nextSetBit(0);
    if (row < 0) {
      return;
    }
    int code = sample.services().code(row);
    String service = code == Column.ABSENT ? "" : sample.services().value(code).display();
    put(
        "build " + service + " " + build.display(),
        new Candidate(
            "deploy:observed:" + service + ":" + build.display(),
            "deploy",
            (service + " " + build.display()).strip(),
            seen,
            seen,
            build.display(),
            "",
            "",
            serviceRows(service),
            exposed));
  }
}
