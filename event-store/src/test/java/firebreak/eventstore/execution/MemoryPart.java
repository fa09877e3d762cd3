package firebreak.eventstore.execution;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import firebreak.eventstore.columns.Codes;
import firebreak.eventstore.columns.Column;
import firebreak.eventstore.columns.Dictionary;
import firebreak.eventstore.columns.HeatmapBins;
import firebreak.eventstore.columns.Longs;
import firebreak.eventstore.columns.Marginals;
import firebreak.eventstore.columns.Numbers;
import firebreak.eventstore.columns.Part;
import firebreak.eventstore.columns.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A part made of a list of events, in the plainest way that keeps to what a part promises. */
public final class MemoryPart implements Part {
  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final List<Event> events;
  private final Shape shape;
  private final boolean weighed;
  private final long firstTime;
  private final long lastTime;
  private final Map<String, Column> columns = new HashMap<>();

  /**
   * What a part may choose.
   *
   * @param sorted whether the rows are put in order of time
   * @param codedNumbers up to how many different numbers a field has codes
   * @param marginals whether the weights of codes are counted beforehand
   * @param strangers whether dictionaries know values that no row has
   */
  public record Shape(boolean sorted, int codedNumbers, boolean marginals, boolean strangers) {}

  public MemoryPart(List<Event> appended, Shape shape) {
    this.shape = shape;
    events = new ArrayList<>(appended);
    if (shape.sorted()) {
      events.sort(Comparator.comparing(Event::time));
    }
    weighed = events.stream().anyMatch(event -> event.sampleRate() != 1);
    Set<String> names = new TreeSet<>();
    events.forEach(event -> names.addAll(event.fields().keySet()));
    firstTime = events.stream().mapToLong(MemoryPart::nanos).min().orElse(0);
    lastTime = events.stream().mapToLong(MemoryPart::nanos).max().orElse(0);
    names.forEach(name -> columns.put(name, built(name)));
  }

  private Column built(String field) {
    List<Value> values = new ArrayList<>();
    Map<Value, Integer> codes = new LinkedHashMap<>();
    if (shape.strangers()) {
      codes.put(Value.of("a stranger"), 1);
      codes.put(Value.of(-12345), 2);
    }
    boolean numbers = true;
    for (Event event : events) {
      Value value = event.field(field);
      if (value != null) {
        codes.putIfAbsent(value, codes.size() + 1);
        numbers &= value.isNumber();
      }
    }
    values.addAll(codes.keySet());
    return numbers && values.size() > shape.codedNumbers()
        ? new Measure(field)
        : new Code(field, values, codes);
  }

  private static long nanos(Event event) {
    return Times.nanos(event.time());
  }

  private long rate(int row) {
    return events.get(row).sampleRate();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public int rows() {
    return events.size();
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
    return shape.sorted();
  }

  @Override
  public Longs times() {
    return row -> Times.nanos(events.get(row).time());
  }

  @Override
  public @Nullable Longs sampleRates() {
    return weighed ? this::rate : null;
  }

  @Override
  public Set<String> fields() {
    return columns.keySet();
  }

  @Override
  public @Nullable Column column(String field) {
    return columns.get(field);
  }

  private @Nullable Marginals marginals(Codes codes) {
    return shape.marginals() ? new Counted(codes) : null;
  }

  private final class Counted implements Marginals {
    private final Codes codes;
    private final Map<Integer, Long> weights = new HashMap<>();

    Counted(Codes codes) {
      this.codes = codes;
      for (int row = 0; row < rows(); row++) {
        weights.merge(codes.at(row), rate(row), Long::sum);
      }
    }

    @Override
    public long weight(int code) {
      return weights.getOrDefault(code, 0L);
    }

    @Override
    public boolean hasBlocks() {
      return true;
    }

    @Override
    public void addBlock(int block, long[] weights) {
      for (int row = block * BLOCK; row < Math.min(rows(), (block + 1) * BLOCK); row++) {
        weights[codes.at(row)] += rate(row);
      }
    }
  }

  private static Codes listed(int[] codes) {
    return new Codes() {
      @Override
      public int at(int row) {
        return codes[row];
      }

      @Override
      public void read(int from, int count, int[] into) {
        System.arraycopy(codes, from, into, 0, count);
      }
    };
  }

  private final class Code implements Column.Coded {
    private final Codes rows;
    private final Dictionary dictionary;

    Code(String field, List<Value> values, Map<Value, Integer> codes) {
      rows =
          listed(
              events.stream()
                  .mapToInt(
                      event ->
                          event.field(field) == null
                              ? ABSENT
                              : Objects.requireNonNull(codes.get(event.field(field))))
                  .toArray());
      dictionary =
          new Dictionary() {
            @Override
            public int size() {
              return values.size();
            }

            @Override
            public Value value(int code) {
              return values.get(code - 1);
            }

            @Override
            public int code(Value value) {
              return codes.getOrDefault(value, ABSENT);
            }
          };
    }

    @Override
    public Codes codes() {
      return rows;
    }

    @Override
    public Dictionary dictionary() {
      return dictionary;
    }

    @Override
    public @Nullable Marginals marginals() {
      return MemoryPart.this.marginals(rows);
    }
  }

  private final class Measure implements Column.Measured {
    private final String field;
    private final Codes bins;
    private final int lowest;
    private final int highest;

    Measure(String field) {
      this.field = field;
      int[] numbers =
          events.stream()
              .map(event -> event.field(field))
              .filter(Objects::nonNull)
              .mapToInt(value -> HeatmapBins.number(value.asDouble()))
              .sorted()
              .toArray();
      lowest = numbers[0];
      highest = numbers[numbers.length - 1] - lowest + 1;
      bins =
          listed(
              events.stream()
                  .map(event -> event.field(field))
                  .mapToInt(
                      value ->
                          value == null
                              ? ABSENT
                              : HeatmapBins.number(value.asDouble()) - lowest + 1)
                  .toArray());
    }

    @Override
    public @Nullable Value value(int row) {
      return events.get(row).field(field);
    }

    @Override
    public Numbers numbers() {
      return new Numbers() {
        @Override
        public double at(int row) {
          Value value = value(row);
          return value == null ? Double.NaN : value.asDouble();
        }

        @Override
        public @Nullable Value value(int row) {
          return Measure.this.value(row);
        }
      };
    }

    @Override
    public Codes bins() {
      return bins;
    }

    @Override
    public int lowestBin() {
      return lowest;
    }

    @Override
    public int highestCode() {
      return highest;
    }

    @Override
    public @Nullable Marginals marginals() {
      return MemoryPart.this.marginals(bins);
    }
  }
}
