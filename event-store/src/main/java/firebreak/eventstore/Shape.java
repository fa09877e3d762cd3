package firebreak.eventstore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The names of an event's fields, in their order. Events of one sender are alike, so they share one
 * shape, and what has once been found out about its names need not be found out again for the next
 * event.
 *
 * <p>Shapes are found by naming field after field from {@link #EMPTY} on. They are remembered up to
 * {@link Limits#SHAPES}; those beyond are made anew each time.
 */
public final class Shape {
  /** The shape without a field. */
  public static final Shape EMPTY = new Shape(null, "", 0, true);

  private static final AtomicInteger REMEMBERED = new AtomicInteger();

  private final @Nullable Shape shorter;
  private final String last;
  private final int size;
  private final boolean remembered;
  private volatile @Nullable Step latest;
  private volatile @Nullable Map<String, Step> others;
  private volatile String @Nullable [] names;
  private volatile @Nullable Map<String, Integer> places;

  /**
   * One field more.
   *
   * @param shape the shape with the field
   * @param place where the field stands in it; an earlier place where the name was there before
   */
  record Step(String name, Shape shape, int place) {}

  private Shape(@Nullable Shape shorter, String last, int size, boolean remembered) {
    this.shorter = shorter;
    this.last = last;
    this.size = size;
    this.remembered = remembered;
  }

  /** The shape that has one field more than this one, or the same where it has the field. */
  @SuppressWarnings("ReferenceEquality") // a reader's names are mostly the same objects
  Step with(String name) {
    Step known = latest;
    if (known != null && (known.name == name || known.name.equals(name))) {
      return known;
    }
    Map<String, Step> steps = others;
    Step step = steps == null ? null : steps.get(name);
    if (step == null) {
      step = step(name);
      if (step.shape.remembered && step.place == size) {
        steps = steps == null ? new ConcurrentHashMap<>(2) : steps;
        steps.put(name, step);
        others = steps;
      }
    }
    latest = step;
    return step;
  }

  private Step step(String name) {
    for (Shape shape = this; shape.shorter != null; shape = shape.shorter) {
      if (shape.last.hashCode() == name.hashCode() && shape.last.equals(name)) {
        return new Step(name, this, shape.size - 1);
      }
    }
    boolean remember = remembered && REMEMBERED.get() < Limits.SHAPES;
    if (remember) {
      REMEMBERED.incrementAndGet();
    }
    return new Step(name, new Shape(this, name, size + 1, remember), size);
  }

  public int size() {
    return size;
  }

  public String name(int place) {
    return namesInOrder()[place];
  }

  private String[] namesInOrder() {
    String[] known = names;
    if (known == null) {
      known = new String[size];
      for (Shape shape = this; shape.shorter != null; shape = shape.shorter) {
        known[shape.size - 1] = shape.last;
      }
      names = known;
    }
    return known;
  }

  /** The place of a field; -1 where the shape lacks it. */
  public int place(String name) {
    Map<String, Integer> known = places;
    if (known == null) {
      known = new HashMap<>(2 * size);
      for (Shape shape = this; shape.shorter != null; shape = shape.shorter) {
        known.put(shape.last, shape.size - 1);
      }
      places = known;
    }
    return known.getOrDefault(name, -1);
  }

  /** The names in their order. */
  public List<String> names() {
    return List.of(namesInOrder());
  }

  @Override
  public String toString() {
    return names().toString();
  }
}
