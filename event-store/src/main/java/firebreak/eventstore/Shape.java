package firebreak.eventstore;

import java.util.Arrays;
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
 * {@link Limits#SHAPE_NAMES}; those beyond are made anew each time.
 */
public final class Shape {
  /** The shape without a field. */
  public static final Shape EMPTY = new Shape(new String[0], true);

  private static final AtomicInteger REMEMBERED = new AtomicInteger();

  private final String[] names;
  private final boolean remembered;
  private final Map<String, Step> steps = new ConcurrentHashMap<>(1);
  private volatile @Nullable Step latest;
  private volatile @Nullable Map<String, Integer> places;

  /**
   * One field more.
   *
   * @param shape the shape with the field
   * @param place where the field stands in it; an earlier place where the name was there before
   */
  record Step(String name, Shape shape, int place) {}

  private Shape(String[] names, boolean remembered) {
    this.names = names;
    this.remembered = remembered;
  }

  /** The shape that has one field more than this one, or the same where it has the field. */
  @SuppressWarnings("ReferenceEquality") // a reader's names are mostly the same objects
  Step with(String name) {
    Step known = latest;
    if (known != null && (known.name == name || known.name.equals(name))) {
      return known;
    }
    known = steps.get(name);
    if (known == null) {
      known = step(name);
      if (known.shape.remembered) {
        steps.put(name, known);
      }
    }
    latest = known;
    return known;
  }

  private Step step(String name) {
    int place = place(name);
    if (place >= 0) {
      return new Step(name, this, place);
    }
    String[] longer = Arrays.copyOf(names, names.length + 1);
    longer[names.length] = name;
    boolean remember = remembered && REMEMBERED.get() < Limits.SHAPE_NAMES;
    if (remember) {
      REMEMBERED.addAndGet(longer.length);
    }
    return new Step(name, new Shape(longer, remember), names.length);
  }

  public int size() {
    return names.length;
  }

  public String name(int place) {
    return names[place];
  }

  /** The place of a field; -1 where the shape lacks it. */
  public int place(String name) {
    Map<String, Integer> known = places;
    if (known == null) {
      known = new HashMap<>(2 * names.length);
      for (int i = 0; i < names.length; i++) {
        known.put(names[i], i);
      }
      places = known;
    }
    return known.getOrDefault(name, -1);
  }

  /** The names in their order. */
  public List<String> names() {
    return List.of(names);
  }

  @Override
  public String toString() {
    return names().toString();
  }
}
