package firebreak.eventstore;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an event, which never change: a shape, and a value for each of its names. */
public final class FieldMap extends AbstractMap<String, Value> {
  private final Shape shape;
  private final Value[] values;

  private FieldMap(Shape shape, Value[] values) {
    this.shape = shape;
    this.values = values;
  }

  /** The same fields, as a map that nobody can change. */
  static FieldMap copyOf(Map<String, Value> fields) {
    if (fields instanceof FieldMap unchangeable) {
      return unchangeable;
    }
    Builder builder = new Builder();
    fields.forEach(builder::put);
    return builder.build();
  }

  public Shape shape() {
    return shape;
  }

  /** The value of the field at a place of the shape. */
  public Value value(int place) {
    return values[place];
  }

  @Override
  public int size() {
    return shape.size();
  }

  @Override
  public @Nullable Value get(@Nullable Object name) {
    int place = name instanceof String text ? shape.place(text) : -1;
    return place < 0 ? null : values[place];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return name instanceof String text && shape.place(text) >= 0;
  }

  @Override
  public Set<Entry<String, Value>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return shape.size();
      }

      @Override
      public Iterator<Entry<String, Value>> iterator() {
        return entries();
      }
    };
  }

  private Iterator<Entry<String, Value>> entries() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < values.length;
      }

      @Override
      public Entry<String, Value> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int place = next++;
        return Map.entry(shape.name(place), values[place]);
      }
    };
  }

  /** Fields as they are read, one by one; a later value of a name wins over an earlier one. */
  public static final class Builder {
    private Shape shape = Shape.EMPTY;
    private Value[] values = new Value[16];

    public Builder put(String name, Value value) {
      Shape.Step step = shape.with(name);
      shape = step.shape();
      if (step.place() == values.length) {
        values = Arrays.copyOf(values, 2 * values.length);
      }
      values[step.place()] = value;
      return this;
    }

    /** Puts all fields of a map; the first ones of a builder cost least. */
    public Builder putAll(FieldMap fields) {
      if (shape.size() == 0) {
        shape = fields.shape;
        values = Arrays.copyOf(fields.values, fields.values.length + 16);
      } else {
        fields.forEach(this::put);
      }
      return this;
    }

    public int size() {
      return shape.size();
    }

    public boolean contains(String name) {
      return shape.place(name) >= 0;
    }

    public FieldMap build() {
      return new FieldMap(shape, Arrays.copyOf(values, shape.size()));
    }
  }
}
