package firebreak.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;

/** Tells by the index which parts a question does not concern. */
final class Lookups {
  private static final int MOST_VALUES = 100;

  private final DirectoryReader reader;
  private final boolean onlyTraces;

  private Lookups(DirectoryReader reader, boolean onlyTraces) {
    this.reader = reader;
    this.onlyTraces = onlyTraces;
  }

  /**
   * The parts that matter to a question.
   *
   * @param filters all that it has; events that the first one does not pass take no part in it,
   *     except that others of their trace may be looked at
   */
  static Predicate<PartEntry> narrow(List<Filter> filters, DirectoryReader reader) {
    if (filters.isEmpty()) {
      return _ -> true;
    }
    boolean looksIntoTraces =
        filters.stream()
            .anyMatch(
                filter ->
                    Filter.looksIntoTraces(filter)
                        || Filter.fields(filter).stream().anyMatch(Traces::isRelational));
    return new Lookups(reader, looksIntoTraces).parts(filters.getFirst());
  }

  private Predicate<PartEntry> parts(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> filters) ->
          filters.stream().map(this::parts).reduce(_ -> true, Predicate::and);
      case Filter.In in -> parts(in);
      case Filter.Or _,
          Filter.Not _,
          Filter.Exists _,
          Filter.Compare _,
          Filter.Matches _,
          Filter.During _,
          Filter.InTrace _ ->
          _ -> true;
    };
  }

  private Predicate<PartEntry> parts(Filter.In in) {
    if (in.values().size() > MOST_VALUES || (onlyTraces && !in.field().equals(Traces.TRACE_ID))) {
      return _ -> true;
    }
    Set<String> files = new HashSet<>();
    try {
      for (Value value : in.values()) {
        files.addAll(Terms.files(reader, in.field(), value));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entry -> !entry.lookups().contains(in.field()) || files.contains(entry.file());
  }
}
