package firebreak.eventstore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps wide events and answers questions about them.
 *
 * <p>Safe for use by many threads. What {@link #append} has acknowledged survives a crash and is
 * found by the next question.
 */
public interface EventStore extends AutoCloseable {

  /**
   * Opens the store in a directory of its own, replaying what the last process had acknowledged but
   * not yet indexed.
   *
   * @throws DirectoryLockedException if another process has it open
   */
  static EventStore open(Path directory) {
    return LuceneEventStore.open(directory);
  }

  /** A store that forgets everything when it goes: for tests, and the definition of the others. */
  static EventStore inMemory() {
    return new InMemoryEventStore();
  }

  /** Keeps the events; returns when they are on disk, in order, all or none. */
  void append(String dataset, List<Event> events);

  QueryResult query(Query query);

  /**
   * Counts every value of every field among the selected events and among the rest. Where a field
   * has more than {@link Limits#CONTRAST_TEXTS} different texts, as ids do, those that no selected
   * event has are left out.
   */
  Contrast contrast(Selection selection);

  /**
   * Reduces each event to the set of {@code terms} it matches and counts each set that occurs: all
   * conjunctions of the terms can be read off the answer. Patterns come in the order of their
   * masks.
   *
   * @param terms at most 64 filters; bit i of a mask tells whether term i matches
   */
  List<Pattern> patterns(Selection selection, List<Filter> terms);

  /**
   * Shows every matching event to the visitor, oldest first and those of one time in the order of
   * their appending, with only the named fields (all of them when none is named), until the visitor
   * has seen enough.
   */
  void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor);

  /** The datasets in which events lie, each with its number of stored events. */
  SortedMap<String, Long> datasets();

  /** The fields seen in a dataset, with the type last seen; empty for an unknown dataset. */
  SortedMap<String, FieldType> fields(String dataset);

  /** Tells the listener of every append from now on, after it has become durable. */
  void onAppend(AppendListener listener);

  @Override
  void close();

  /** The weight of a value, or of a pattern, on both sides. */
  record Weight(long selected, long baseline) {}

  /**
   * What {@link #contrast} found.
   *
   * @param total the weight of all events on both sides
   * @param fields for each field its values; the null key counts events without the field
   */
  record Contrast(Weight total, Map<String, Map<@Nullable Value, Weight>> fields) {}

  /** One set of terms that occurs, as bits, and its weight on both sides. */
  record Pattern(long mask, Weight weight) {}

  /** What kind of value a field holds. */
  enum FieldType {
    TEXT,
    WHOLE,
    REAL,
    TRUTH
  }

  /** Is shown events by {@link #scan}. */
  @FunctionalInterface
  interface Visitor {
    /** Takes one event and tells whether to go on. */
    boolean visit(Event event);
  }

  /** Is told of appended events, in the thread that appended them; must be quick. */
  @FunctionalInterface
  interface AppendListener {
    void appended(String dataset, List<Event> events);
  }
}
