package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Visitor;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.QueryResult.Bin;
import firebreak.eventstore.QueryResult.Cell;
import firebreak.eventstore.QueryResult.Point;
import firebreak.eventstore.QueryResult.Row;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.columns.Snapshot;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Answers questions about the parts of a snapshot, with threads of its own. For use by many threads
 * at once.
 */
public final class Engine implements AutoCloseable {
  private static final int KEPT_ANSWERS = 256;

  private final Workers workers;
  private final IdCache ids;
  private final ContrastCache contrasts = new ContrastCache();
  private final PieceCache pieces = new PieceCache();
  private final AnswerCache answers;

  /**
   * What an engine may use.
   *
   * @param threads how many threads read rows
   * @param idBytes how much memory the numbers of grouped values may take between questions
   * @param answers how many answers are kept in case a question is asked again
   */
  public record Settings(int threads, long idBytes, int answers) {
    public Settings {
      if (threads < 1 || idBytes < 0 || answers < 0) {
        throw new IllegalArgumentException(
            "an engine needs at least one thread and no negative amount, had %d, %d and %d"
                .formatted(threads, idBytes, answers));
      }
    }

    /** As wide as the machine, with an eighth of the memory for the numbers of values. */
    public static Settings standard() {
      Runtime runtime = Runtime.getRuntime();
      return new Settings(runtime.availableProcessors(), runtime.maxMemory() / 8, KEPT_ANSWERS);
    }
  }

  public Engine(Settings settings) {
    workers = new Workers(settings.threads());
    ids = new IdCache(workers, settings.idBytes());
    answers = new AnswerCache(settings.answers());
  }

  private TimeScope.Means means(Deadline deadline) {
    return new TimeScope.Means(workers, ids, pieces, deadline);
  }

  public QueryResult query(Query query, Snapshot snapshot, Deadline deadline) {
    Query asked = query.canonical();
    return answers.answer(
        snapshot.generation(),
        asked,
        QueryResult.class,
        Engine::size,
        () -> new QueryRun(asked, new QueryScope(asked, snapshot, means(deadline))).answer());
  }

  private static long size(QueryResult result) {
    long size = size(result.total()) + size(result.other());
    for (Row row : result.rows()) {
      size += size(row);
    }
    return size;
  }

  private static long size(Row row) {
    long size = row.group().size() + row.compared().size() + size(row.cells());
    for (Point point : row.series()) {
      size += 1 + size(point.cells());
    }
    return size;
  }

  private static long size(List<Cell> cells) {
    long size = cells.size();
    for (Cell cell : cells) {
      size += cell instanceof Cell.Heatmap(List<Bin> bins) ? 3L * bins.size() : 0;
    }
    return size;
  }

  private static long size(Contrast contrast) {
    return contrast.fields().values().stream()
        .mapToLong(field -> 3L * (field.values().size() + field.bins().size()))
        .sum();
  }

  public Contrast contrast(Selection selection, Snapshot snapshot, Deadline deadline) {
    Selection asked = canonical(selection);
    return answers.answer(
        snapshot.generation(),
        asked,
        Contrast.class,
        Engine::size,
        () -> new ContrastRun(asked, snapshot, means(deadline), contrasts).answer());
  }

  private record PatternQuestion(Selection selection, List<Filter> terms) {}

  private record Patterns(List<Pattern> found) {}

  public List<Pattern> patterns(
      Selection selection, List<Filter> terms, Snapshot snapshot, Deadline deadline) {
    Selection asked = canonical(selection);
    List<Filter> forms = terms.stream().map(Filter::canonical).toList();
    return answers
        .answer(
            snapshot.generation(),
            new PatternQuestion(asked, forms),
            Patterns.class,
            patterns -> 3L * patterns.found().size(),
            () -> new Patterns(new PatternRun(asked, forms, snapshot, means(deadline)).answer()))
        .found();
  }

  private static Selection canonical(Selection selection) {
    return new Selection(
        List.copyOf(new TreeSet<>(selection.datasets())),
        selection.range(),
        Filter.canonical(selection.within()),
        Filter.canonical(selection.selected()),
        new TreeMap<>(selection.derived()));
  }

  /** Shows events oldest first, those of one time by dataset, then in the order of appending. */
  public void scan(
      List<String> datasets,
      TimeRange range,
      Filter filter,
      List<String> fields,
      Visitor visitor,
      Snapshot snapshot,
      Deadline deadline) {
    Filter asked = Filter.canonical(filter);
    new ScanRun(datasets, range, asked, snapshot, means(deadline)).show(fields, visitor);
  }

  @Override
  public void close() {
    workers.close();
  }
}
