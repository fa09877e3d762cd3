package firebreak.eventstore;

import firebreak.eventstore.EventStore.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds: its datasets and their fields. Here events are admitted: fields beyond the
 * limits become text in one field, and are counted, in the event itself too.
 */
final class Catalogue {
  /** How many fields of an event were left out because of a limit. */
  static final String DROPPED_FIELDS = "meta.dropped_fields";

  /** These fields and their values as text. */
  static final String OVERFLOW = "meta.overflow";

  /** Shapes of events of one dataset of which is remembered how the last one was admitted. */
  private static final int MOST_SHAPES = 1_000;

  private static final class Dataset {
    final Map<String, FieldType> fields = new ConcurrentHashMap<>();
    final AtomicLong events = new AtomicLong();

    /** How often a field came or changed its type. */
    final AtomicLong changes = new AtomicLong();

    /** By shape how the last event of that shape was admitted, if that was as it is. */
    final Map<Shape, Alike> admitted = new ConcurrentHashMap<>();

    void note(String field, FieldType type) {
      if (fields.put(field, type) != type) {
        changes.incrementAndGet();
      }
    }

    void remember(Alike alike) {
      if (admitted.size() >= MOST_SHAPES) {
        admitted.clear();
      }
      admitted.put(alike.shape(), alike);
    }
  }

  private final AtomicLong overflowed = new AtomicLong();
  private final Map<String, Dataset> datasets = new ConcurrentHashMap<>();

  /** The events as they will be kept in the dataset, whose fields are taken note of. */
  @SuppressWarnings("ReferenceEquality") // other shapes of the same names only take longer
  List<Event> admit(String dataset, List<Event> events) {
    Dataset known = dataset(dataset);
    List<Event> admitted = new ArrayList<>(events.size());
    @Nullable Alike last = null;
    for (Event event : events) {
      long changes = known.changes.get();
      Alike alike = last;
      Shape shape = event.fieldMap().shape();
      if (alike == null || alike.shape() != shape) {
        alike = known.admitted.get(shape);
        last = alike;
      }
      if (alike != null && alike.changes() == changes && alike.includes(event)) {
        admitted.add(event);
      } else {
        Event kept = admit(known, event);
        admitted.add(kept);
        if (kept == event && known.changes.get() == changes) {
          last = Alike.to(event.fieldMap(), changes);
          known.remember(last);
        }
      }
    }
    return admitted;
  }

  private Event admit(Dataset known, Event event) {
    Event clean = Normaliser.clean(event);
    Overflow overflow = null;
    FieldMap fields = clean.fieldMap();
    for (int i = 0; i < fields.size(); i++) {
      if (!admit(known, fields.shape().name(i), fields.value(i))) {
        overflow = overflow == null ? new Overflow(clean) : overflow;
        overflow.add(fields.shape().name(i), fields.value(i));
      }
    }
    if (overflow == null) {
      return clean;
    }
    Event kept = overflow.event();
    overflowed.addAndGet(overflow.size());
    known.note(DROPPED_FIELDS, FieldType.WHOLE);
    known.note(OVERFLOW, FieldType.TEXT);
    return kept;
  }

  /**
   * The names and types of an event that was kept as it is: most often those of the next one of its
   * shape too.
   *
   * @param changes of the dataset up to which all that was found out holds
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Alike(Shape shape, FieldType[] types, long changes) {
    static Alike to(FieldMap fields, long changes) {
      FieldType[] types = new FieldType[fields.size()];
      for (int i = 0; i < types.length; i++) {
        types[i] = typeOf(fields.value(i));
      }
      return new Alike(fields.shape(), types, changes);
    }

    /** Whether an event of the shape can be kept as it is because another one could. */
    boolean includes(Event event) {
      if (!Normaliser.isClean(event.time())) {
        return false;
      }
      FieldMap fields = event.fieldMap();
      for (int i = 0; i < types.length; i++) {
        Value value = fields.value(i);
        if (types[i] != typeOf(value) || !Normaliser.isClean(value)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Takes note of the fields of an event that was admitted before. */
  void note(String dataset, Event admitted) {
    Dataset known = dataset(dataset);
    admitted.fields().forEach((name, value) -> known.note(name, typeOf(value)));
  }

  /** How many fields of events went into {@link #OVERFLOW}. */
  long overflowed() {
    return overflowed.get();
  }

  private static boolean admit(Dataset dataset, String name, Value value) {
    FieldType type = typeOf(value);
    FieldType known = dataset.fields.get(name);
    if (known == type) {
      return true;
    }
    if (known == null && !Normaliser.fits(name, Limits.FIELD_NAME_BYTES)) {
      return false;
    }
    synchronized (dataset) {
      if (dataset.fields.get(name) == null && dataset.fields.size() >= Limits.FIELDS_PER_DATASET) {
        return false;
      }
      dataset.note(name, type);
      return true;
    }
  }

  private Dataset dataset(String name) {
    Dataset known = datasets.get(name);
    if (known != null) {
      return known;
    }
    if (name.isBlank()
        || !Normaliser.fits(name, Limits.DATASET_NAME_BYTES)
        || !Normaliser.clean(name).equals(name)) {
      throw new IllegalArgumentException(
          "a dataset's name is 1 to %d bytes of valid text, was \"%s\""
              .formatted(Limits.DATASET_NAME_BYTES, name));
    }
    synchronized (datasets) {
      if (!datasets.containsKey(name) && datasets.size() >= Limits.DATASETS) {
        throw new LimitExceededException(
            "There are already %d datasets; \"%s\" would be one more."
                .formatted(Limits.DATASETS, name));
      }
      return datasets.computeIfAbsent(name, _ -> new Dataset());
    }
  }

  /** Takes note of events that have become durable. */
  void count(String dataset, long events) {
    dataset(dataset).events.addAndGet(events);
  }

  SortedMap<String, Long> datasets() {
    SortedMap<String, Long> counts = new TreeMap<>();
    datasets.forEach(
        (name, dataset) -> {
          if (dataset.events.get() > 0) {
            counts.put(name, dataset.events.get());
          }
        });
    return counts;
  }

  SortedMap<String, FieldType> fields(String dataset) {
    Dataset known = datasets.get(dataset);
    return known == null ? new TreeMap<>() : new TreeMap<>(known.fields);
  }

  /** The fields of every dataset as text, for {@link #restore}. */
  Map<String, String> save() {
    Map<String, String> saved = new HashMap<>();
    datasets.forEach(
        (name, dataset) -> {
          StringBuilder text = new StringBuilder();
          dataset.fields.forEach(
              (field, type) ->
                  text.append(type).append(':').append(field.length()).append(':').append(field));
          saved.put(name, text.toString());
        });
    return saved;
  }

  void restore(String dataset, String saved) {
    Dataset restored = dataset(dataset);
    for (int at = 0; at < saved.length(); ) {
      int length = saved.indexOf(':', at) + 1;
      int name = saved.indexOf(':', length) + 1;
      int end = name + Integer.parseInt(saved, length, name - 1, 10);
      FieldType type = FieldType.valueOf(saved.substring(at, length - 1));
      restored.note(saved.substring(name, end), type);
      at = end;
    }
  }

  private static FieldType typeOf(Value value) {
    return switch (value) {
      case Value.Text _ -> FieldType.TEXT;
      case Value.Whole _ -> FieldType.WHOLE;
      case Value.Real _ -> FieldType.REAL;
      case Value.Truth _ -> FieldType.TRUTH;
    };
  }
}
