package firebreak.eventstore.execution;

import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.Pattern;
import firebreak.eventstore.EventStore.Visitor;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Query;
import firebreak.eventstore.QueryResult;
import firebreak.eventstore.Selection;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.columns.Snapshot;
import java.util.List;

/**
 * Answers questions about the parts of a snapshot, with threads of its own. For use by many threads
 * at once.
 */
public final class Engine implements AutoCloseable {
  private final Workers workers;
  private final IdCache ids;
  private final ContrastCache contrasts = new ContrastCache();

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
      return new Settings(runtime.availableProcessors(), runtime.maxMemory() / 8, 256);
    }
  }

  public Engine(Settings settings) {
    workers = new Workers(settings.threads());
    ids = new IdCache(workers, settings.idBytes());
  }

  private TimeScope.Means means(Deadline deadline) {
    return new TimeScope.Means(workers, ids, deadline);
  }

  public QueryResult query(Query query, Snapshot snapshot, Deadline deadline) {
    return new QueryRun(query, new QueryScope(query, snapshot, means(deadline))).answer();
  }

  public Contrast contrast(Selection selection, Snapshot snapshot, Deadline deadline) {
    return new ContrastRun(selection, snapshot, means(deadline), contrasts).answer();
  }

  public List<Pattern> patterns(
      Selection selection, List<Filter> terms, Snapshot snapshot, Deadline deadline) {
    return new PatternRun(selection, terms, snapshot, means(deadline)).answer();
  }

  /**
   * Shows events oldest first, those of one time by dataset, then in the order of their appending.
   */
  public void scan(
      List<String> datasets,
      TimeRange range,
      Filter filter,
      List<String> fields,
      Visitor visitor,
      Snapshot snapshot,
      Deadline deadline) {
    new ScanRun(datasets, range, filter, snapshot, means(deadline)).show(fields, visitor);
  }

  @Override
  public void close() {
    workers.close();
  }
}
