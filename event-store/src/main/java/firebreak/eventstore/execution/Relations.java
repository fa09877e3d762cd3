package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Traces;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.IdTable;
import firebreak.eventstore.columns.Longs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Computes the fields of other spans: those of a trace's root, and those of an event's parent. */
final class Relations {
  private static final int NOWHERE = -1;

  /** Spans among which parents are looked for; each is held in memory. */
  private static final int MOST_SPANS = 4_000_000;

  private final TimeScope scope;
  private final FieldIds traceIds;

  private final int mostSpans;

  /** Numbers span ids and parent ids alike. */
  private final ValueIds spans;

  private final FieldIds spanIds;
  private final FieldIds parentIds;

  Relations(TimeScope scope, FieldIds traceIds) {
    this(scope, traceIds, MOST_SPANS);
  }

  Relations(TimeScope scope, FieldIds traceIds, int mostSpans) {
    this.scope = scope;
    this.traceIds = traceIds;
    this.mostSpans = mostSpans;
    spans = new ValueIds(mostSpans, this::tooMany);
    spanIds = spanIds(Traces.SPAN_ID);
    parentIds = spanIds(Traces.PARENT_ID);
  }

  private FieldIds spanIds(String field) {
    return new FieldIds(part -> part.stored(field), spans, new ConcurrentHashMap<>(), false);
  }

  private LimitExceededException tooMany() {
    return new LimitExceededException(
        ("The question looks for parents among more than %,d different spans: so many ids are kept"
                + " in memory to answer it. A shorter time range or fewer datasets have fewer; a"
                + " filter does not help, since a parent need not pass it. \"root.\" has no such"
                + " limit.")
            .formatted(mostSpans));
  }

  /** For each of many keys the earliest event that qualifies. */
  private static final class Earliest {
    int[] parts = new int[16];
    int[] rows = new int[16];
    long[] times = new long[16];
    int size;

    private void reach(int key) {
      if (key >= parts.length) {
        int length = Math.max(key + 1, 2 * parts.length);
        parts = Arrays.copyOf(parts, length);
        rows = Arrays.copyOf(rows, length);
        times = Arrays.copyOf(times, length);
      }
      if (key >= size) {
        Arrays.fill(parts, size, key + 1, NOWHERE);
        size = key + 1;
      }
    }

    /** To be told of events part by part and row by row. */
    void offer(int key, int part, int row, long time) {
      reach(key);
      if (parts[key] == NOWHERE || time < times[key]) {
        parts[key] = part;
        rows[key] = row;
        times[key] = time;
      }
    }

    int part(int key) {
      return key < size ? parts[key] : NOWHERE;
    }
  }

  /** Sees one row of a part with the numbers of its trace, span and parent, 0 for none. */
  private interface Use {
    void row(int part, int row, int trace, int span, int parent);
  }

  void compute(Set<String> fields) {
    List<String> ofRoot = fields.stream().filter(name -> name.startsWith(Traces.ROOT)).toList();
    List<String> ofParent = fields.stream().filter(name -> !ofRoot.contains(name)).toList();
    scope
        .means()
        .workers()
        .run(
            1,
            scope.means().deadline(),
            (_, _) -> {
              if (!ofRoot.isEmpty()) {
                computeOfRoot(ofRoot);
              }
              if (!ofParent.isEmpty()) {
                computeOfParent(ofParent);
              }
            });
  }

  private void computeOfRoot(List<String> fields) {
    Earliest roots = new Earliest();
    List<Longs> times = times();
    each(
        Relations::present,
        (part, row, trace, span, parent) -> {
          if (trace != 0 && span != 0 && parent == 0) {
            roots.offer(trace, part, row, times.get(part).at(row));
          }
        });
    for (String field : fields) {
      Taken taken = new Taken(roots, field);
      each(Relations::present, (part, row, trace, _, _) -> taken.take(part, row, trace));
      taken.finish();
    }
  }

  private void computeOfParent(List<String> fields) {
    Earliest named = new Earliest();
    IdTable pairs = new IdTable();
    List<Longs> times = times();
    each(
        this::ids,
        (part, row, trace, span, _) -> {
          if (trace != 0 && span != 0) {
            named.offer(pairs.id(trace, span), part, row, times.get(part).at(row));
          }
        });
    for (String field : fields) {
      Taken taken = new Taken(named, field);
      each(
          this::ids,
          (part, row, trace, _, parent) -> {
            if (trace != 0 && parent != 0) {
              taken.take(part, row, pairs.id(trace, parent));
            }
          });
      taken.finish();
    }
  }

  private List<Longs> times() {
    return scope.parts().stream().map(part -> part.part().times()).toList();
  }

  /** Reads for each row of a chunk which span a field names, 0 for none. */
  private interface Naming {
    void read(PartView part, String field, Chunk chunk, int[] into);
  }

  private void ids(PartView part, String field, Chunk chunk, int[] into) {
    (field.equals(Traces.SPAN_ID) ? spanIds : parentIds).of(part).read(chunk, into);
  }

  /** Tells only whether a span is named, which takes no memory. */
  private static void present(PartView part, String field, Chunk chunk, int[] into) {
    switch (part.stored(field)) {
      case null -> Arrays.fill(into, 0, chunk.count(), Column.ABSENT);
      case Column.Coded coded -> chunk.read(coded.codes(), into);
      case Column.Measured measured -> {
        double[] numbers = chunk.spare();
        chunk.read(measured.numbers(), numbers);
        for (int i = 0; i < chunk.count(); i++) {
          into[i] = Double.isNaN(numbers[i]) ? Column.ABSENT : 1;
        }
      }
    }
  }

  private void each(Naming naming, Use use) {
    Chunk chunk = new Chunk();
    int[] traces = new int[Chunk.SIZE];
    int[] own = new int[Chunk.SIZE];
    int[] parents = new int[Chunk.SIZE];
    List<Rows> rows = scope.rows();
    for (int part = 0; part < rows.size(); part++) {
      Rows some = rows.get(part);
      for (int from = some.from(); from < some.to(); ) {
        scope.means().deadline().check();
        from = chunk.fill(some, from, some.to());
        traceIds.of(some.part()).read(chunk, traces);
        naming.read(some.part(), Traces.SPAN_ID, chunk, own);
        naming.read(some.part(), Traces.PARENT_ID, chunk, parents);
        for (int i = 0; i < chunk.count(); i++) {
          use.row(part, chunk.row(i), traces[i], own[i], parents[i]);
        }
      }
    }
  }

  /** A column in the making: each row takes the value that a field has on another span. */
  private final class Taken {
    private final Earliest from;
    private final String field;
    private final ValueIds values = new ValueIds();
    private final List<int[]> codes = new ArrayList<>();
    private final List<@Nullable Column> columns = new ArrayList<>();

    /** One more than the code of each key, 0 for one not looked up yet. */
    private int[] known = new int[16];

    Taken(Earliest from, String field) {
      this.from = from;
      this.field = field;
      for (PartView part : scope.parts()) {
        codes.add(new int[part.rows()]);
        String own = Traces.own(field);
        columns.add(Traces.isRelational(own) ? part.stored(own) : part.column(own));
      }
    }

    void take(int part, int row, int key) {
      known = Accumulator.reach(known, key);
      if (known[key] == 0) {
        known[key] = lookUp(key) + 1;
      }
      codes.get(part)[row] = known[key] - 1;
    }

    private int lookUp(int key) {
      int part = from.part(key);
      Column column = part == NOWHERE ? null : columns.get(part);
      Value value = column == null ? null : column.value(from.rows[key]);
      return value == null ? Column.ABSENT : values.id(value);
    }

    void finish() {
      for (int part = 0; part < codes.size(); part++) {
        scope.parts().get(part).compute(field, new ComputedColumn(codes.get(part), values));
      }
    }
  }
}
