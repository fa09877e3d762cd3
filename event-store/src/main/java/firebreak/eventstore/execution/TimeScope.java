package firebreak.eventstore.execution;

import firebreak.eventstore.Filter;
import firebreak.eventstore.Formula;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Traces;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a question's datasets in one time range, and what the names of fields and the filters
 * over traces mean there. Everything is worked out before rows are read in earnest.
 */
final class TimeScope {
  /**
   * What answers a question.
   *
   * @param pieces of answers, each about one part and so never stale
   */
  record Means(Workers workers, IdCache ids, PieceCache pieces, Deadline deadline) {}

  private final Means means;
  private final Map<String, Formula> derived;
  private final long start;
  private final long end;

  /** The rows in the range of each part that has some; parts in the order of datasets by name. */
  private final List<Rows> rows = new ArrayList<>();

  private final Map<Filter, BitSet> traces = new HashMap<>();
  private @Nullable FieldIds traceIds;

  TimeScope(
      Collection<String> datasets,
      TimeRange range,
      Map<String, Formula> derived,
      Snapshot snapshot,
      Means means) {
    this.means = means;
    this.derived = derived;
    start = Times.nanos(range.start());
    end = Times.nanos(range.end());
    for (String dataset : new TreeSet<>(datasets)) {
      for (Part part : snapshot.of(dataset)) {
        Rows found = Rows.during(new PartView(part), start, end);
        if (!found.isEmpty()) {
          rows.add(found);
        }
      }
    }
  }

  /** When the range begins, in nanoseconds since 1970. */
  long start() {
    return start;
  }

  /** When the range ends, in nanoseconds since 1970. */
  long end() {
    return end;
  }

  List<Rows> rows() {
    return rows;
  }

  List<PartView> parts() {
    return rows.stream().map(Rows::part).toList();
  }

  Means means() {
    return means;
  }

  /** How many stored events lie in the range. */
  long examined() {
    return rows.stream().mapToLong(Rows::count).sum();
  }

  /** Gives meaning to the fields and filters that the question names. */
  void prepare(Set<String> fields, List<Filter> filters) {
    Set<String> named = new TreeSet<>(fields);
    filters.forEach(filter -> named.addAll(Filter.fields(filter)));
    computeDerived(named);
    Set<String> relational = new TreeSet<>(named);
    relational.removeIf(name -> !Traces.isRelational(name));
    if (!relational.isEmpty()) {
      new Relations(this, traceIds()).compute(relational);
    }
    Set<Filter> inner = new LinkedHashSet<>();
    filters.forEach(filter -> addTraceFilters(filter, inner));
    for (Filter filter : inner) {
      traces.put(filter, traces(filter));
    }
  }

  private void computeDerived(Set<String> named) {
    Set<String> own = new TreeSet<>();
    named.forEach(name -> own.add(Traces.own(name)));
    own.retainAll(derived.keySet());
    record Task(Rows rows, String field, Formula formula) {}
    List<Task> tasks = new ArrayList<>();
    for (String field : own) {
      Formula formula = derived.get(field);
      if (formula != null) {
        rows.forEach(some -> tasks.add(new Task(some, field, formula)));
      }
    }
    if (!tasks.isEmpty()) {
      means
          .workers()
          .run(
              tasks.size(),
              means.deadline(),
              (_, number) -> {
                Task task = tasks.get(number);
                PartView part = task.rows().part();
                part.compute(task.field(), DerivedColumn.of(part, task.formula(), task.rows()));
              });
    }
  }

  private static void addTraceFilters(Filter filter, Set<Filter> into) {
    switch (filter) {
      case Filter.And and -> and.filters().forEach(each -> addTraceFilters(each, into));
      case Filter.Or or -> or.filters().forEach(each -> addTraceFilters(each, into));
      case Filter.Not not -> addTraceFilters(not.filter(), into);
      case Filter.InTrace trace -> into.add(trace.filter());
      case Filter.Exists _, Filter.In _, Filter.Compare _, Filter.Matches _, Filter.During _ -> {}
    }
  }

  /** The traces of which some event passes the filter, by the numbers of {@link #traceIds}. */
  private BitSet traces(Filter filter) {
    FieldIds ids = traceIds();
    BitSet found = new BitSet();
    List<Rows> passing = narrow(rows, filter);
    List<BitSet> lanes =
        means
            .workers()
            .run(
                passing.size(),
                means.deadline(),
                BitSet::new,
                (lane, task) -> addTraces(passing.get(task), ids, lane));
    lanes.forEach(found::or);
    found.clear(0);
    return found;
  }

  private static void addTraces(Rows rows, FieldIds ids, BitSet into) {
    Chunk chunk = new Chunk();
    int[] read = new int[Chunk.SIZE];
    FieldIds.PartIds part = ids.of(rows.part());
    for (int from = rows.from(); from < rows.to(); ) {
      from = chunk.fill(rows, from, rows.to());
      part.read(chunk, read);
      for (int i = 0; i < chunk.count(); i++) {
        into.set(read[i]);
      }
    }
  }

  private FieldIds traceIds() {
    FieldIds known = traceIds;
    if (known == null) {
      known = means.ids().stored(Traces.TRACE_ID, rows, means.deadline());
      traceIds = known;
    }
    return known;
  }

  /** The condition of a filter over a trace on the rows of one part. */
  Condition inTrace(Filter filter, PartView part) {
    BitSet found = traces.get(filter);
    if (found == null || traceIds == null) {
      throw new IllegalStateException("a filter over a trace was not prepared");
    }
    return found.isEmpty()
        ? Condition.NOTHING
        : new Condition.Numbered(traceIds.of(part), found, part);
  }

  List<Rows> narrow(List<Rows> among, Filter filter) {
    return narrow(among, List.of(filter)).getFirst();
  }

  /** For each filter the rows that pass it. */
  List<List<Rows>> narrow(List<Rows> among, List<Filter> filters) {
    return new Narrowing(this).narrow(among, filters);
  }
}
