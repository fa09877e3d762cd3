package firebreak.eventstore.execution;

import firebreak.eventstore.columns.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, for fields that were grouped by, the number of each value in each part, so that the next
 * question hashes no value of a part again.
 */
final class IdCache {
  /** Up to so many values are numbered beforehand, however few rows there are. */
  private static final int FEW = 16_384;

  /** Up to so many values are numbered for a question that can do without. */
  private static final int LITTLE_WORK = 1 << 18;

  /** About what it takes to keep a value and its number. */
  private static final int BYTES_A_VALUE = 128;

  private final Workers workers;
  private final long mostBytes;

  /** The fields, that used longest ago first. */
  private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Kept {
    final ValueIds ids = new ValueIds(Integer.MAX_VALUE);
    final Map<Long, int[]> maps = new ConcurrentHashMap<>();

    long bytes() {
      long bytes = ids.bytes();
      for (int[] map : maps.values()) {
        bytes += 4L * map.length;
      }
      return bytes;
    }
  }

  IdCache(Workers workers, long mostBytes) {
    this.workers = workers;
    this.mostBytes = mostBytes;
  }

  /** The numbers of a field's values in some rows, of at most so many values. */
  FieldIds ids(String field, List<Rows> rows, int most, Deadline deadline) {
    boolean computed = rows.stream().anyMatch(some -> some.part().isComputed(field));
    return ids(new Request(field, part -> part.column(field), rows, most, !computed), deadline);
  }

  /** The numbers of the values of a stored field in some rows. */
  FieldIds stored(String field, List<Rows> rows, Deadline deadline) {
    FieldIds.Naming naming = part -> part.stored(field);
    return ids(new Request(field, naming, rows, Integer.MAX_VALUE, true), deadline);
  }

  /**
   * The numbers of the values of a stored field in some rows: those that are kept, if there are for
   * all parts or it is little work to find them; else each value is numbered when it is met.
   */
  FieldIds cheap(String field, List<Rows> rows, Deadline deadline) {
    Kept shared = kept(field);
    long missing = 0;
    for (Rows some : rows) {
      switch (some.part().stored(field)) {
        case null -> {}
        case Column.Coded coded ->
            missing +=
                shared.maps.containsKey(some.part().part().id()) ? 0 : coded.dictionary().size();
        case Column.Measured _ -> missing = LITTLE_WORK + 1L;
      }
    }
    return missing <= LITTLE_WORK
        ? stored(field, rows, deadline)
        : new FieldIds(
            part -> part.stored(field),
            new ValueIds(Integer.MAX_VALUE),
            new ConcurrentHashMap<>(),
            false);
  }

  private record Request(
      String field, FieldIds.Naming naming, List<Rows> rows, int most, boolean mayKeep) {}

  private FieldIds ids(Request request, Deadline deadline) {
    Kept shared = request.mayKeep() ? kept(request.field()) : new Kept();
    List<PartView> missing = new ArrayList<>();
    long values = 0;
    long count = 0;
    boolean coded = true;
    for (Rows some : request.rows()) {
      count += some.count();
      Column column = some.isEmpty() ? null : request.naming().column(some.part());
      if (column instanceof Column.Coded found
          && !shared.maps.containsKey(some.part().part().id())) {
        missing.add(some.part());
        values += found.dictionary().size();
      }
      coded &= !(column instanceof Column.Measured);
    }
    boolean complete = coded && values <= Math.max(FEW, 2 * count);
    if (!complete || BYTES_A_VALUE * values > mostBytes) {
      return new FieldIds(
          request.naming(), new ValueIds(request.most()), new ConcurrentHashMap<>(), false);
    }
    Map<PartView, int[]> maps = new ConcurrentHashMap<>();
    workers.run(
        missing.size(),
        deadline,
        (_, task) -> {
          PartView part = missing.get(task);
          int[] map = map(request.naming().column(part), shared.ids);
          if (request.mayKeep() && part.part().isSorted()) {
            shared.maps.put(part.part().id(), map);
          }
          maps.put(part, map);
        });
    for (Rows some : request.rows()) {
      int[] map = shared.maps.get(some.part().part().id());
      if (map != null) {
        maps.putIfAbsent(some.part(), map);
      }
    }
    trim();
    return new FieldIds(request.naming(), shared.ids, maps, true);
  }

  private static int[] map(@Nullable Column column, ValueIds ids) {
    if (!(column instanceof Column.Coded coded)) {
      return new int[1];
    }
    int[] map = new int[coded.dictionary().size() + 1];
    for (int code = 1; code < map.length; code++) {
      map[code] = ids.id(coded.dictionary().value(code));
    }
    return map;
  }

  private Kept kept(String field) {
    synchronized (kept) {
      return kept.computeIfAbsent(field, _ -> new Kept());
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
