package firebreak.eventstore.execution;

import firebreak.eventstore.LimitExceededException;
import firebreak.eventstore.Limits;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, for fields that were grouped by, the number of each value in each part, so that the next
 * question hashes no value of a part again. What belongs to a part goes with it.
 */
final class IdCache {
  /** Up to so many values are numbered beforehand, however few rows there are. */
  private static final int FEW = 16_384;

  /** Up to so many values of a field are numbered for a question that can do without. */
  private static final int MANY = 1 << 21;

  /** About what it takes to keep a value and its number. */
  private static final int BYTES_A_VALUE = 48;

  /** Different values that a question may count where there is no room to keep their numbers. */
  private static final int MOST_DISTINCT = 8_000_000;

  private static final int[] NONE = {0};

  private final Workers workers;
  private final long mostBytes;

  /** The fields, that used longest ago first. */
  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Kept {
    final ValueIds ids = new ValueIds();

    /** The number of each code, by what the codes are of. */
    private final Map<Object, int[]> maps = Collections.synchronizedMap(new WeakHashMap<>());

    /** The hashes of values that are not numbered, by what the codes are of. */
    private final Map<Object, KnownHashes> hashes =
        Collections.synchronizedMap(new WeakHashMap<>());

    int[] known(Dictionary dictionary) {
      return maps.getOrDefault(dictionary.origin(), NONE);
    }

    int[] map(Dictionary dictionary) {
      int[] known = known(dictionary);
      if (known.length > dictionary.size()) {
        return known;
      }
      int[] map = ids.map(dictionary, known);
      maps.put(dictionary.origin(), map);
      return map;
    }

    long bytes() {
      long bytes = ids.bytes();
      synchronized (maps) {
        for (int[] map : maps.values()) {
          bytes += 4L * map.length;
        }
      }
      synchronized (hashes) {
        for (KnownHashes known : hashes.values()) {
          bytes += known.bytes();
        }
      }
      return bytes;
    }
  }

  IdCache(Workers workers, long mostBytes) {
    this.workers = workers;
    this.mostBytes = mostBytes;
  }

  /** The numbers of the values of a field by which some rows are grouped. */
  FieldIds groups(String field, List<Rows> rows, Deadline deadline) {
    return ids(field, rows, () -> new ValueIds(Limits.GROUPS, Grouping::tooMany), deadline);
  }

  /** The numbers of the values of a field of which the different ones are counted. */
  FieldIds distinct(String field, List<Rows> rows, Deadline deadline) {
    return ids(field, rows, () -> new ValueIds(MOST_DISTINCT, IdCache::tooManyDistinct), deadline);
  }

  private static LimitExceededException tooManyDistinct() {
    return new LimitExceededException(
        ("The question counts more than %,d different values of a field. A shorter time range or a"
                + " narrower filter leaves fewer.")
            .formatted(MOST_DISTINCT));
  }

  private FieldIds ids(
      String field, List<Rows> rows, Supplier<ValueIds> numbering, Deadline deadline) {
    boolean computed = rows.stream().anyMatch(some -> some.part().isComputed(field));
    Kept shared = computed ? new Kept() : kept(field);
    return ids(new Request(part -> part.column(field), rows, numbering, shared), deadline);
  }

  /** The numbers of the values of a stored field in some rows. */
  FieldIds stored(String field, List<Rows> rows, Deadline deadline) {
    FieldIds.Naming naming = part -> part.stored(field);
    return ids(new Request(naming, rows, ValueIds::new, kept(field)), deadline);
  }

  /**
   * The numbers of the values of a stored field in some rows, as far as they can be had at once:
   * those that are kept, if there are for all parts; null if there is room to keep those that are
   * missing; else each value is numbered when it is met.
   */
  @Nullable FieldIds ready(String field, List<Rows> rows) {
    Request request = new Request(part -> part.stored(field), rows, ValueIds::new, kept(field));
    Map<PartView, int[]> maps = request.maps();
    if (maps != null) {
      return new FieldIds(request.naming(), request.shared().ids, maps, true);
    }
    long missing = request.missing();
    return missing <= MANY && bytes() + BYTES_A_VALUE * missing <= mostBytes
        ? null
        : request.oneByOne();
  }

  /** Keeps the hashes of a stored field's values in one part; null if there is no room. */
  @Nullable KnownHashes hashes(String field, Dictionary dictionary) {
    Map<Object, KnownHashes> known = kept(field).hashes;
    KnownHashes before = known.get(dictionary.origin());
    KnownHashes now =
        before == null ? new KnownHashes(dictionary.size()) : before.reaching(dictionary.size());
    if (now == before) {
      return before;
    }
    if (bytes() + now.bytes() > mostBytes) {
      return null;
    }
    known.put(dictionary.origin(), now);
    return now;
  }

  private record Request(
      FieldIds.Naming naming, List<Rows> rows, Supplier<ValueIds> numbering, Kept shared) {
    /** How many values have no number yet; very many if not all of them have codes. */
    long missing() {
      long values = 0;
      for (Rows some : rows) {
        switch (naming.column(some.part())) {
          case null -> {}
          case Column.Coded coded -> {
            int size = coded.dictionary().size();
            values += Math.max(0, size + 1 - shared.known(coded.dictionary()).length);
          }
          case Column.Measured _ -> values = Integer.MAX_VALUE;
        }
      }
      return values;
    }

    /** The numbers of each part's codes; null where some are missing. */
    @Nullable Map<PartView, int[]> maps() {
      Map<PartView, int[]> maps = HashMap.newHashMap(rows.size());
      for (Rows some : rows) {
        Column column = naming.column(some.part());
        int[] known = column instanceof Column.Measured ? null : known(column, shared);
        if (known == null) {
          return null;
        }
        maps.put(some.part(), known);
      }
      return maps;
    }

    FieldIds oneByOne() {
      return new FieldIds(naming, numbering.get(), new ConcurrentHashMap<>(), false);
    }
  }

  private FieldIds ids(Request request, Deadline deadline) {
    long count = request.rows().stream().mapToLong(Rows::count).sum();
    long missing = request.missing();
    if (missing > Math.max(FEW, 2 * count) || BYTES_A_VALUE * missing > mostBytes) {
      return request.oneByOne();
    }
    Map<PartView, int[]> maps = new ConcurrentHashMap<>();
    List<PartView> unknown = new ArrayList<>();
    for (Rows some : request.rows()) {
      PartView part = some.part();
      if (maps.containsKey(part)) {
        continue;
      }
      int[] known = known(request.naming().column(part), request.shared());
      if (known == null) {
        unknown.add(part);
      }
      maps.put(part, known == null ? NONE : known);
    }
    if (!unknown.isEmpty()) {
      workers.run(
          unknown.size(),
          deadline,
          (_, task) -> {
            PartView part = unknown.get(task);
            if (request.naming().column(part) instanceof Column.Coded coded) {
              maps.put(part, request.shared().map(coded.dictionary()));
            }
          });
      trim();
    }
    return new FieldIds(request.naming(), request.shared().ids, maps, true);
  }

  /** The map of a column as far as all of it is known; null where it is not. */
  private static int @Nullable [] known(@Nullable Column column, Kept shared) {
    if (!(column instanceof Column.Coded coded)) {
      return NONE;
    }
    int[] known = shared.known(coded.dictionary());
    return known.length > coded.dictionary().size() ? known : null;
  }

  private Kept kept(String field) {
    synchronized (kept) {
      return kept.computeIfAbsent(field, _ -> new Kept());
    }
  }

  /** About how much memory all numbers take. */
  private long bytes() {
    synchronized (kept) {
      return kept.values().stream().mapToLong(Kept::bytes).sum();
    }
  }

  /** Forgets the fields used longest ago until the others fit. */
  private void trim() {
    synchronized (kept) {
      Map<String, Long> sizes = new HashMap<>();
      kept.forEach((field, entry) -> sizes.put(field, entry.bytes()));
      long bytes = sizes.values().stream().mapToLong(size -> size).sum();
      for (String field : List.copyOf(kept.keySet())) {
        if (bytes <= mostBytes) {
          return;
        }
        bytes -= sizes.getOrDefault(field, 0L);
        kept.remove(field);
      }
    }
  }
}
