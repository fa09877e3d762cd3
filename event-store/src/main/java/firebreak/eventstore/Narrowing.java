package firebreak.eventstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;

/** Tells by the index which parts cannot hold what a filter looks for. */
final class Narrowing {
  private static final int MOST_VALUES = 100;

  private Narrowing() {}

  /** The parts in which events that pass the filter may lie. */
  static Predicate<PartEntry> of(Filter filter, DirectoryReader reader) {
    return switch (filter) {
      case Filter.In in when in.values().size() <= MOST_VALUES -> holding(in, reader);
      case Filter.And(List<Filter> filters) ->
          filters.stream()
              .map(one -> of(one, reader))
              .reduce(_ -> true, Predicate::and);
      case Filter.In _,
          Filter.Or _,
          Filter.Not _,
          Filter.Exists _,
          Filter.Compare _,
          Filter.Matches _,
          Filter.During _,
          Filter.InTrace _ ->
          _ -> true;
    };
  }

  private static Predicate<PartEntry> holding(Filter.In in, DirectoryReader reader) {
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
