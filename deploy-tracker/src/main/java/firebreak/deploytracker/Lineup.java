package firebreak.deploytracker;

import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the changes that could have done it, and joins each to the events it reached. */
final class Lineup {

  /** A change older than this is not blamed. */
  static final Duration AGE_AT_MOST = Duration.ofHours(6);

  /** The onset of a burn is known to about this. */
  static final Duration TOLERANCE = Duration.ofMinutes(2);

  /** A build first seen this soon after the first event of all was there before. */
  private static final Duration SETTLED = Duration.ofMinutes(10);

  private final Sample sample;
  private final Variations variations;
  private final Instant onset;
  private final Map<Value, Instant> firstSeen;
  private final Map<String, Candidate> found = new LinkedHashMap<>();

  Lineup(Sample sample, History history, FlagHistory flags, FieldRoles roles, Instant onset) {
    this.sample = sample;
    this.variations = new Variations(sample, history, flags, onset);
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
    addObservedBuilds();
    addObservedFlags();
    return found.values().stream()
        .sorted(Comparator.comparing(Candidate::time).thenComparing(Candidate::changeId))
        .toList();
  }

  private void add(Change.Deploy deploy) {
    if (!sample.isServedIn(deploy.environment())) {
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
    if (change.own() || change.isFirstSight() || !sample.isServedIn(change.environment())) {
      return;
    }
    BitSet exposed = new BitSet();
    String variation = "";
    Value served =
        sample.otherFields().contains(field) ? variations.risen(field, change.time()) : null;
    if (served != null) {
      exposed = served(field, served);
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

  private BitSet served(String field, Value variation) {
    Column<Value> column = sample.column(field);
    int code = column.codeOf(variation);
    return sample.rows(row -> column.code(row) == code);
  }

  /** Variations of which suddenly more was served without anybody telling of a change. */
  private void addObservedFlags() {
    for (String field : sample.otherFields()) {
      String flag = FieldRoles.flag(field);
      if (flag.isEmpty() || found.containsKey("flag " + flag)) {
        continue;
      }
      Variations.Jump jump = variations.jump(field);
      if (jump != null) {
        put(
            "flag " + flag,
            new Candidate(
                "flag:observed:" + flag,
                "flag",
                flag,
                jump.time(),
                jump.time(),
                "",
                flag,
                jump.variation().display(),
                sample.all(),
                served(field, jump.variation())));
      }
    }
  }

  /** Builds that appeared in traffic without anybody declaring a deploy. */
  private void addObservedBuilds() {
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
