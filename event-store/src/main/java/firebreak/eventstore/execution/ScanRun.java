package firebreak.eventstore.execution;

import firebreak.eventstore.Event;
import firebreak.eventstore.EventStore.Visitor;
import firebreak.eventstore.Filter;
import firebreak.eventstore.TimeRange;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Snapshot;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * How matching events are shown oldest first: the parts are merged by time, and read in batches
 * that grow, so that a visitor who has soon seen enough costs little.
 */
final class ScanRun {
  private static final int FIRST_BATCH = 64;
  private static final int LARGEST_BATCH = 8_192;

  private final Workers workers;
  private final Deadline deadline;
  private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();

  ScanRun(
      List<String> datasets,
      TimeRange range,
      Filter filter,
      Snapshot snapshot,
      TimeScope.Means means) {
    workers = means.workers();
    deadline = means.deadline();
    TimeScope scope = new TimeScope(datasets, range, Map.of(), snapshot, means);
    scope.prepare(Set.of(), List.of(filter));
    List<Rows> matching = scope.narrow(scope.rows(), filter);
    for (int i = 0; i < matching.size(); i++) {
      if (!matching.get(i).isEmpty()) {
        cursors.add(new Cursor(i, matching.get(i)));
      }
    }
  }

  /** The place in one part up to which its rows have been shown. */
  private static final class Cursor implements Comparable<Cursor> {
    final PartView part;
    private final int number;
    private final Rows rows;
    private final Longs times;

    /** The rows in the order of their times; empty where they lie so. */
    private final int[] sorted;

    private int next;
    private int row;
    private long time;

    Cursor(int number, Rows rows) {
      this.number = number;
      this.rows = rows;
      part = rows.part();
      times = part.part().times();
      sorted = part.part().isSorted() ? new int[0] : sort();
      next = sorted.length > 0 ? 0 : rows.from();
      advance();
    }

    private int[] sort() {
      long[] keys = new long[rows.count()];
      int[] found = new int[rows.count()];
      int size = 0;
      for (int at = next(rows.from()); at < rows.to(); at = next(at + 1)) {
        found[size] = at;
        keys[size++] = times.at(at);
      }
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(keys[a], keys[b]));
      return Arrays.stream(order).mapToInt(i -> found[i]).toArray();
    }

    private int next(int from) {
      long[] bits = rows.bits();
      return bits == null ? Math.min(from, rows.to()) : Bits.next(bits, from, rows.to());
    }

    /** Goes to the next row and tells whether there is one. */
    boolean advance() {
      if (sorted.length > 0) {
        if (next == sorted.length) {
          return false;
        }
        row = sorted[next++];
      } else {
        row = next(next);
        next = row + 1;
        if (row == rows.to()) {
          return false;
        }
      }
      time = times.at(row);
      return true;
    }

    @Override
    public int compareTo(Cursor other) {
      int order = Long.compare(time, other.time);
      return order != 0 ? order : Integer.compare(number, other.number);
    }
  }

  /** An event by its place. */
  private record Found(PartView part, int row) {}

  void show(List<String> fields, Visitor visitor) {
    Set<String> named = Set.copyOf(fields);
    for (int size = FIRST_BATCH; !cursors.isEmpty(); size = Math.min(2 * size, LARGEST_BATCH)) {
      int most = size;
      List<Event> events = new ArrayList<>();
      // Files are read by the workers alone.
      workers.run(1, deadline, (_, _) -> events.addAll(read(batch(most), named)));
      for (Event event : events) {
        if (!visitor.visit(event)) {
          return;
        }
      }
    }
  }

  private List<Found> batch(int most) {
    List<Found> batch = new ArrayList<>();
    while (batch.size() < most && !cursors.isEmpty()) {
      Cursor first = cursors.remove();
      batch.add(new Found(first.part, first.row));
      if (first.advance()) {
        cursors.add(first);
      }
    }
    return batch;
  }

  private static List<Event> read(List<Found> batch, Set<String> named) {
    Map<PartView, List<Integer>> byPart = new HashMap<>();
    List<Map<String, Value>> values = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      byPart.computeIfAbsent(batch.get(i).part(), _ -> new ArrayList<>()).add(i);
      values.add(new HashMap<>());
    }
    byPart.forEach((part, places) -> read(part, batch, places, named, values));
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Part part = batch.get(i).part().part();
      int row = batch.get(i).row();
      Longs rates = part.sampleRates();
      int rate = rates == null ? 1 : (int) rates.at(row);
      events.add(new Event(Times.instant(part.times().at(row)), rate, values.get(i)));
    }
    return events;
  }

  private static void read(
      PartView part,
      List<Found> batch,
      List<Integer> places,
      Set<String> named,
      List<Map<String, Value>> into) {
    int[] rows = places.stream().mapToInt(place -> batch.get(place).row()).toArray();
    for (String field : part.part().fields()) {
      if (!named.isEmpty() && !named.contains(field)) {
        continue;
      }
      switch (part.stored(field)) {
        case null -> {}
        case Column.Coded coded -> {
          int[] codes = new int[rows.length];
          coded.codes().gather(rows, rows.length, codes);
          Dictionary dictionary = coded.dictionary();
          for (int i = 0; i < rows.length; i++) {
            if (codes[i] != Column.ABSENT) {
              into.get(places.get(i)).put(field, dictionary.value(codes[i]));
            }
          }
        }
        case Column.Measured measured -> {
          for (int i = 0; i < rows.length; i++) {
            Value value = measured.value(rows[i]);
            if (value != null) {
              into.get(places.get(i)).put(field, value);
            }
          }
        }
      }
    }
  }
}
