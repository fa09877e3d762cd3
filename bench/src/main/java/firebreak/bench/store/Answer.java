package firebreak.bench.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The figures of an answer by name, such that those of two stores can be compared. */
final class Answer {
  private static final double SLACK = 1e-9;

  private final Map<String, Object> figures = new HashMap<>();

  /** A figure that must be the same in every store. */
  Answer exact(String name, Object value) {
    figures.put(name, value instanceof Number number ? plain(number) : value);
    return this;
  }

  /** A figure that depends on the order in which numbers were summed. */
  Answer near(String name, double value) {
    figures.put(name, value);
    return this;
  }

  private static Object plain(Number number) {
    double value = number.doubleValue();
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  /** What the two say differently where both say something; null where they agree. */
  @Nullable String difference(Answer other) {
    int common = 0;
    for (String name : new TreeSet<>(figures.keySet())) {
      Object theirs = other.figures.get(name);
      if (theirs == null) {
        continue;
      }
      common++;
      Object ours = Objects.requireNonNull(figures.get(name));
      if (!agree(ours, theirs)) {
        return "%s is %s here and %s there".formatted(name, ours, theirs);
      }
    }
    return common == 0 ? "they have no figure in common" : null;
  }

  private static boolean agree(Object ours, Object theirs) {
    if (ours instanceof Double a && theirs instanceof Double b) {
      return Math.abs(a - b) <= SLACK * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }
    return ours.equals(theirs);
  }
}
