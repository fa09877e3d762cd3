package firebreak.eventstore.columns;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest rows of one dataset, column by column, in the order of their appending. One thread
 * adds while any number of others read what {@link #view} shows.
 */
public final class Memtable {
  private static final int FIRST_CAPACITY = 1_024;

  private final Object lock = new Object();
  private final Map<String, MemtableColumn> byName = new HashMap<>();
  private final List<MemtableColumn> columns = new ArrayList<>();
  private final Key key = new Key();
  private @Nullable MemtableColumn firstOfEvent;
  private int rows;
  private long[] times = new long[FIRST_CAPACITY];
  private long firstTime = Long.MAX_VALUE;
  private long lastTime = Long.MIN_VALUE;
  private boolean sorted = true;

  /** By how much the rate of each row is above 1; empty while all are 1. */
  private int[] rates = {};

  private @Nullable MemtablePart shown;

  /** Adds a row. The event is fit to keep: its texts are not too long and hold whole characters. */
  public void add(Event event) {
    synchronized (lock) {
      int row = rows;
      addTime(row, Times.nanos(event.time()));
      if (event.sampleRate() != 1) {
        addRate(row, event.sampleRate());
      }
      MemtableColumn previous = null;
      MemtableColumn guess = firstOfEvent;
      for (Map.Entry<String, Value> field : event.fields().entrySet()) {
        MemtableColumn column = guess;
        if (column == null || !column.name().equals(field.getKey())) {
          column = column(field.getKey());
          if (previous == null) {
            firstOfEvent = column;
          } else {
            previous.setSuccessor(column);
          }
        }
        column.add(row, field.getValue(), key);
        previous = column;
        guess = column.successor();
      }
      rows = row + 1;
    }
  }

  private void addTime(int row, long time) {
    if (row == times.length) {
      times = Arrays.copyOf(times, 2 * row);
    }
    times[row] = time;
    sorted &= time >= lastTime;
    firstTime = Math.min(firstTime, time);
    lastTime = Math.max(lastTime, time);
  }

  private void addRate(int row, int rate) {
    if (row >= rates.length) {
      rates = Arrays.copyOf(rates, Math.max(row + 1, times.length));
    }
    rates[row] = rate - 1;
  }

  private MemtableColumn column(String name) {
    MemtableColumn column = byName.get(name);
    if (column == null) {
      column = new MemtableColumn(name, rows);
      byName.put(name, column);
      columns.add(column);
    }
    return column;
  }

  public int rows() {
    synchronized (lock) {
      return rows;
    }
  }

  /** About how much memory the rows take. */
  public long bytes() {
    synchronized (lock) {
      long bytes = (long) Long.BYTES * times.length + (long) Integer.BYTES * rates.length;
      for (MemtableColumn column : columns) {
        bytes += column.bytes();
      }
      return bytes;
    }
  }

  /** The rows so far. Nothing is copied, and rows that are added later are not in it. */
  public Part view() {
    synchronized (lock) {
      MemtablePart part = shown;
      if (part == null || part.rows() != rows) {
        if (rates.length > 0 && rates.length < rows) {
          rates = Arrays.copyOf(rates, times.length);
        }
        part = new MemtablePart(this, rows, firstTime, lastTime, sorted, times, rates);
        shown = part;
      }
      return part;
    }
  }

  Set<String> fields(int ofRows) {
    synchronized (lock) {
      Set<String> fields = new LinkedHashSet<>();
      for (MemtableColumn column : columns) {
        if (column.firstRow() < ofRows) {
          fields.add(column.name());
        }
      }
      return fields;
    }
  }

  @Nullable Column column(String field, int ofRows) {
    synchronized (lock) {
      MemtableColumn column = byName.get(field);
      return column == null || column.firstRow() >= ofRows ? null : column.view(ofRows, lock);
    }
  }
}
