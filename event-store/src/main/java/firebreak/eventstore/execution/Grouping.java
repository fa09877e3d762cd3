package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Limits;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers the groups that a query's breakdowns make, from 0 on; not every number need occur. */
final class Grouping {
  /** Up to so many combinations of values are numbered by their place in a grid. */
  private static final int LARGEST_GRID = 1 << 20;

  private final List<FieldIds> fields;
  private final boolean isGrid;

  /** Whether the values of the first breakdown are numbered anew as they occur. */
  private final boolean isRenumbered;

  /**
   * For each breakdown, save a first one that keeps its numbers, the pairs of what is before it and
   * its value.
   */
  private final List<Pairs> pairs = new ArrayList<>();

  /**
   * The groups of some breakdowns.
   *
   * @param most how many numbers may be given out for groups that do not occur
   */
  Grouping(List<FieldIds> fields, int most) {
    this.fields = fields;
    long grid = 1;
    for (FieldIds field : fields) {
      grid = field.isComplete() ? Math.min(grid * field.size(), Long.MAX_VALUE >> 32) : -1;
      if (grid < 0) {
        break;
      }
    }
    isGrid = fields.size() > 1 && grid >= 0 && grid <= Math.min(most, LARGEST_GRID);
    isRenumbered = fields.size() == 1 && fields.getFirst().isComplete() && grid > most;
    if (!isGrid) {
      fields.stream().skip(isRenumbered ? 0 : 1).forEach(_ -> pairs.add(new Pairs()));
    }
  }

  /** Pairs of numbers, numbered from 0 on. */
  private static final class Pairs {
    private final LongIds ids = new LongIds();
    private long[] keys = new long[64];
    private int size;

    int id(int high, int low) {
      long key = ((long) high << 32) | low;
      int id = ids.get(key);
      return (id == 0 ? add(key) : id) - 1;
    }

    private synchronized int add(long key) {
      int id = ids.get(key);
      if (id != 0) {
        return id;
      }
      if (size == Limits.GROUPS) {
        throw tooMany();
      }
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
      }
      keys[size] = key;
      ids.put(key, ++size);
      return size;
    }

    synchronized long key(int id) {
      return keys[id];
    }

    synchronized int size() {
      return size;
    }
  }

  static LimitExceededException tooMany() {
    return new LimitExceededException(
        ("The question makes more than %,d groups, or points of their series. A shorter time range,"
                + " a narrower filter, fewer breakdowns or wider time buckets make fewer.")
            .formatted(Limits.GROUPS));
  }

  /** The one breakdown, if it is one and all its values are numbered; else null. */
  @Nullable FieldIds only() {
    return fields.size() == 1 && !isRenumbered && fields.getFirst().isComplete()
        ? fields.getFirst()
        : null;
  }

  /** Whether the size is known before rows are read. */
  boolean isBounded() {
    return isGrid || only() != null;
  }

  /** One more than the highest number given out so far. */
  int size() {
    if (fields.isEmpty()) {
      return 1;
    }
    if (isGrid) {
      return fields.stream().mapToInt(FieldIds::size).reduce(1, (a, b) -> a * b);
    }
    return pairs.isEmpty() ? fields.getFirst().size() : pairs.getLast().size();
  }

  /** The groups in one part. */
  PartGroups of(PartView part) {
    return new PartGroups(fields.stream().map(field -> field.of(part)).toList());
  }

  /** The groups of the rows of one part; for one thread. */
  final class PartGroups {
    private final List<FieldIds.PartIds> parts;
    private final int[] next = new int[Chunk.SIZE];

    private PartGroups(List<FieldIds.PartIds> parts) {
      this.parts = parts;
    }

    /** Reads the group of each row of the chunk. */
    void read(Chunk chunk, int[] into) {
      if (parts.isEmpty()) {
        Arrays.fill(into, 0, chunk.count(), 0);
        return;
      }
      parts.getFirst().read(chunk, into);
      if (isRenumbered) {
        for (int i = 0; i < chunk.count(); i++) {
          into[i] = pairs.getFirst().id(0, into[i]);
        }
      }
      for (int field = 1; field < parts.size(); field++) {
        parts.get(field).read(chunk, next);
        if (isGrid) {
          int width = fields.get(field).size();
          for (int i = 0; i < chunk.count(); i++) {
            into[i] = into[i] * width + next[i];
          }
        } else {
          Pairs numbered = pairs.get(field - 1);
          for (int i = 0; i < chunk.count(); i++) {
            into[i] = numbered.id(into[i], next[i]);
          }
        }
      }
    }
  }

  /** The values of a group's breakdowns. */
  List<@Nullable Value> values(int group) {
    List<@Nullable Value> values = new ArrayList<>();
    for (int field = 0; field < fields.size(); field++) {
      values.add(value(group, field));
    }
    return Collections.unmodifiableList(values);
  }

  /** The value of one of a group's breakdowns. */
  @Nullable Value value(int group, int field) {
    int prefix = isRenumbered ? (int) pairs.getFirst().key(group) : group;
    for (int after = fields.size() - 1; after > field; after--) {
      prefix =
          isGrid
              ? prefix / fields.get(after).size()
              : (int) (pairs.get(after - 1).key(prefix) >>> 32);
    }
    if (field == 0) {
      return fields.getFirst().value(prefix);
    }
    int own = isGrid ? prefix % fields.get(field).size() : (int) pairs.get(field - 1).key(prefix);
    return fields.get(field).value(own);
  }
}
