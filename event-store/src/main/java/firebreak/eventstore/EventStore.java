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
  static PersistentEventStore open(Path directory) {
    return open(directory, StoreSettings.defaults());
  }

  /**
   * The same with other settings.
   *
   * @throws DirectoryLockedException if another process has it open
   */
  static PersistentEventStore open(Path directory, StoreSettings settings) {
    return LuceneEventStore.open(directory, settings);
  }

  /** A store that forgets everything when it goes: for tests, and the definition of the others. */
  static EventStore inMemory() {
    return new InMemoryEventStore();
  }

  /** Keeps the events; returns when they are safe, in order, all or none. */
  default Durability append(String dataset, List<Event> events) {
    return append(dataset, events, null);
  }

  /**
   * The same. Events that have come before are acknowledged and not kept again: those with the
   * {@code event.id} of an earlier one in the dataset, spans with the trace id, span id and time of
   * an earlier one, and all of a batch whose key was seen within {@link Limits#BATCH_KEY_TIME}.
   *
   * @param key what the sender names the batch by
   * @return how safe the events are now
   */
  Durability append(String dataset, List<Event> events, @Nullable BatchKey key);

  /**
   * This store as one asker has it: when the asker has gone, questions asked of it are given up
   * soon, with a {@link WithdrawnException}. A store that does not know better answers them to the
   * end.
   */
  default EventStore askedBy(Asker asker) {
    return this;
  }

  QueryResult query(Query query);

  /** Counts the values of every stored field among the selected events and among the rest. */
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
   * Shows every matching event to the visitor, oldest first; those of one time by the name of their
   * dataset, and within a dataset in the order of their appending; with only the named fields (all
   * of them when none is named), until the visitor has seen enough.
   */
  void scan(
      List<String> datasets, TimeRange range, Filter filter, List<String> fields, Visitor visitor);

  /** The datasets in which events lie, each with its number of stored events. */
  SortedMap<String, Long> datasets();

  /** The fields seen in a dataset, with the type last seen; empty for an unknown dataset. */
  SortedMap<String, FieldType> fields(String dataset);

  /** Tells the listener of all events that are kept from now on, after they have become safe. */
  void onAppend(AppendListener listener);

  @Override
  void close();

  /** The weight of a value, or of a pattern, on both sides. */
  record Weight(long selected, long baseline) {
    public Weight plus(Weight other) {
      return new Weight(selected + other.selected, baseline + other.baseline);
    }
  }

  /**
   * What {@link #contrast} found.
   *
   * @param total the weight of all events on both sides
   * @param fields each field that an event within has
   */
  record Contrast(Weight total, SortedMap<String, FieldContrast> fields) {}

  /**
   * One field on both sides.
   *
   * <p>Of the values that selected events have, those of the highest selected weight are listed, as
   * many whole groups of equal weight as fit into {@link Limits#CONTRAST_SELECTED}; of the others
   * those of the highest baseline weight, likewise into {@link Limits#CONTRAST_BASELINE}, as far as
   * they weigh at least one {@link Limits#CONTRAST_LEAST_PART}th of all events within. A number is
   * listed as a value only where the events within have at most {@link Limits#CONTRAST_NUMBERS}
   * different numbers in the field.
   *
   * @param values the listed values
   * @param unlisted the weight of the events whose value is not listed
   * @param absent the weight of the events that lack the field
   * @param bins the field's numbers by size, listed as values or not, lowest first, empty bins left
   *     out; the bins are those of every heatmap
   */
  record FieldContrast(
      Map<Value, Weight> values, Weight unlisted, Weight absent, List<BinWeight> bins) {}

  /** The weight of the numbers in [low, high) on both sides. */
  record BinWeight(double low, double high, Weight weight) {}

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

  /**
   * Is told of appended events, in their order and before they are acknowledged. Must be quick, and
   * must not append.
   */
  @FunctionalInterface
  interface AppendListener {
    void appended(String dataset, List<Event> events);
  }
}
