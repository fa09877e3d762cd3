package firebreak.eventstore.columns;

import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
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
  /** So many events are added at once, column by column. */
  static final int AT_ONCE = 64;

  private static final int FIRST_CAPACITY = 1_024;

  private final Object lock = new Object();
  private final Map<String, MemtableColumn> byName = new HashMap<>();
  private final List<MemtableColumn> columns = new ArrayList<>();

  /** The columns that hold values of the events that are being added. */
  private final List<MemtableColumn> holding = new ArrayList<>();

  private final KeyBatch keys = new KeyBatch();
  private @Nullable MemtableColumn firstOfEvent;
  private int rows;

  /** Stays true when adding fails, as it may for want of memory: columns differ in length then. */
  private boolean adding;

  private long[] times = new long[FIRST_CAPACITY];
  private long firstTime = Long.MAX_VALUE;
  private long lastTime = Long.MIN_VALUE;
  private boolean sorted = true;

  /** By how much the rate of each row is above 1; empty while all are 1. */
  private int[] rates = {};

  private @Nullable MemtablePart shown;

  /**
   * Adds a row for each event. The events are fit to keep: their texts are not too long and hold
   * whole characters.
   */
  public void add(List<Event> events) {
    synchronized (lock) {
      if (adding) {
        throw new IllegalStateException(
            "rows cannot be added since an earlier adding failed halfway; those before it stand");
      }
      adding = true;
      for (int from = 0; from < events.size(); from += AT_ONCE) {
        addChunk(events.subList(from, Math.min(events.size(), from + AT_ONCE)));
      }
      adding = false;
    }
  }

  /** Adds a row. */
  public void add(Event event) {
    add(List.of(event));
  }

  /**
   * Sorts the values by column first, then adds those of one column after the other: what a column
   * needs is at hand for all of them.
   */
  private void addChunk(List<Event> events) {
    int row = rows;
    for (Event event : events) {
      addTime(row, Times.nanos(event.time()));
      if (event.sampleRate() != 1) {
        addRate(row, event.sampleRate());
      }
      hold(row, event);
      row++;
    }
    for (MemtableColumn column : holding) {
      column.addHeld(keys);
    }
    holding.clear();
    rows = row;
  }

  private void hold(int row, Event event) {
    MemtableColumn previous = null;
    MemtableColumn guess = firstOfEvent;
    FieldMap fields = event.fieldMap();
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.shape().name(i);
      MemtableColumn column = named(guess, name);
      if (column == null) {
        column = column(name, row);
        if (previous == null) {
          firstOfEvent = column;
        } else {
          previous.setSuccessor(column);
        }
      }
      if (column.hold(row, fields.value(i))) {
        holding.add(column);
      }
      previous = column;
      guess = column.successor();
    }
  }

  /** The guessed column or the one after it, if either has the name; an event may lack a field. */
  private static @Nullable MemtableColumn named(@Nullable MemtableColumn guess, String name) {
    if (guess == null || guess.isNamed(name)) {
      return guess;
    }
    MemtableColumn next = guess.successor();
    return next != null && next.isNamed(name) ? next : null;
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

  private MemtableColumn column(String name, int row) {
    MemtableColumn column = byName.get(name);
    if (column == null) {
      column = new MemtableColumn(name, row);
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

  @Nullable Column view(String field, int ofRows) {
    synchronized (lock) {
      MemtableColumn column = byName.get(field);
      return column == null || column.firstRow() >= ofRows ? null : column.view(ofRows, lock);
    }
  }
}
