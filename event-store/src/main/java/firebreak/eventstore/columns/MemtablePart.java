package firebreak.eventstore.columns;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rows of a memtable at one moment. Columns are looked up when they are asked for. */
final class MemtablePart implements Part {
  private final Memtable memtable;
  private final long id = PartIds.next();
  private final int rows;
  private final long firstTime;
  private final long lastTime;
  private final boolean sorted;
  private final Longs times;
  private final @Nullable Longs sampleRates;
  private final Map<String, Column> columns = new ConcurrentHashMap<>();
  private volatile @Nullable Set<String> fields;

  MemtablePart(
      Memtable memtable,
      int rows,
      long firstTime,
      long lastTime,
      boolean sorted,
      long[] times,
      int[] rates) {
    this.memtable = memtable;
    this.rows = rows;
    this.firstTime = firstTime;
    this.lastTime = lastTime;
    this.sorted = sorted;
    this.times = new RawLongs(times);
    sampleRates = rates.length == 0 ? null : new Rates(rates);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long firstTime() {
    return firstTime;
  }

  @Override
  public long lastTime() {
    return lastTime;
  }

  @Override
  public boolean isSorted() {
    return sorted;
  }

  @Override
  public Longs times() {
    return times;
  }

  @Override
  public @Nullable Longs sampleRates() {
    return sampleRates;
  }

  @Override
  public Set<String> fields() {
    Set<String> known = fields;
    if (known == null) {
      known = Collections.unmodifiableSet(memtable.fields(rows));
      fields = known;
    }
    return known;
  }

  @Override
  public @Nullable Column column(String field) {
    Column column = columns.get(field);
    if (column == null) {
      column = memtable.view(field, rows);
      if (column == null) {
        return null;
      }
      Column earlier = columns.putIfAbsent(field, column);
      column = earlier == null ? column : earlier;
    }
    return column;
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record RawLongs(long[] values) implements Longs {
    @Override
    public long at(int row) {
      return values[row];
    }

    @Override
    public void read(int from, int count, long[] into) {
      System.arraycopy(values, from, into, 0, count);
    }
  }

  /** Rates as they lie in the memtable, less 1 each. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Rates(int[] above) implements Longs {
    @Override
    public long at(int row) {
      return 1L + above[row];
    }
  }
}
