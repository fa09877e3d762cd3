package firebreak.eventstore;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events count: a condition on one field, or a combination of conditions.
 *
 * <p>A comparison with an absent field is false, and {@link Not} is its exact negation, so an event
 * without the field matches "field != x".
 */
public sealed interface Filter {

  /** The filter that every event passes. */
  Filter ALL = new And(List.of());

  boolean matches(EventView event);

  /** All of {@code filters} match; with none, everything does. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean matches(EventView event) {
      for (Filter filter : filters) {
        if (!filter.matches(event)) {
          return false;
        }
      }
      return true;
    }
  }

  /** At least one of {@code filters} matches; with none, nothing does. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean matches(EventView event) {
      for (Filter filter : filters) {
        if (filter.matches(event)) {
          return true;
        }
      }
      return false;
    }
  }

  /** {@code filter} does not match. */
  record Not(Filter filter) implements Filter {
    @Override
    public boolean matches(EventView event) {
      return !filter.matches(event);
    }
  }

  /** The field has a value. */
  record Exists(String field) implements Filter {
    @Override
    public boolean matches(EventView event) {
      return event.field(field) != null;
    }
  }

  /** The field's value is one of {@code values}; equality by type and content. */
  record In(String field, Set<Value> values) implements Filter {
    public In {
      values = Set.copyOf(values);
    }

    @Override
    public boolean matches(EventView event) {
      Value value = event.field(field);
      return value != null && values.contains(value);
    }
  }

  /** The field's value stands in an order to {@code bound}; both numbers, or both text. */
  record Compare(String field, Relation relation, Value bound) implements Filter {
    public Compare {
      if (relation == Relation.EQUAL || relation == Relation.NOT_EQUAL) {
        throw new IllegalArgumentException("equality is In, and its negation Not of In");
      }
    }

    @Override
    public boolean matches(EventView event) {
      return holds(event.field(field));
    }

    /** Whether a value of the field passes; an absent one does not. */
    public boolean holds(@Nullable Value value) {
      if (value == null || value.isNumber() != bound.isNumber()) {
        return false;
      }
      if (!value.isNumber() && !(value instanceof Value.Text && bound instanceof Value.Text)) {
        return false;
      }
      return relation.holds(value.compareTo(bound));
    }
  }

  /** The field is text that starts with, ends with or contains {@code text}. */
  record Matches(String field, Match match, String text) implements Filter {
    @Override
    public boolean matches(EventView event) {
      return event.field(field) instanceof Value.Text value && holds(value.text());
    }

    public boolean holds(String value) {
      return switch (match) {
        case STARTS_WITH -> value.startsWith(text);
        case ENDS_WITH -> value.endsWith(text);
        case CONTAINS -> value.contains(text);
      };
    }
  }

  /** The event's time lies in the range; a box in a heatmap is one of these and two comparisons. */
  record During(TimeRange range) implements Filter {
    @Override
    public boolean matches(EventView event) {
      return range.contains(event.time());
    }
  }

  /**
   * Whether some event of the event's trace passes {@code filter}; a filter inside a filter of a
   * trace is not allowed. The events of a trace are those of the question's datasets and time range
   * that share {@link Traces#TRACE_ID}; an event without one is in no trace and does not pass.
   */
  record InTrace(Filter filter) implements Filter {
    public InTrace {
      if (looksIntoTraces(filter)) {
        throw new IllegalArgumentException("a filter over a trace holds no other of its kind");
      }
    }

    @Override
    public boolean matches(EventView event) {
      return event.traceHas(filter);
    }
  }

  /** A part of a text. */
  enum Match {
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS
  }

  /** The names of all fields that a filter asks for, relational and derived ones as they are. */
  static Set<String> fields(Filter filter) {
    return switch (filter) {
      case And and -> FilterForm.fields(and.filters());
      case Or or -> FilterForm.fields(or.filters());
      case Not not -> fields(not.filter());
      case InTrace trace -> fields(trace.filter());
      case Exists exists -> Set.of(exists.field());
      case In in -> Set.of(in.field());
      case Compare compare -> Set.of(compare.field());
      case Matches matches -> Set.of(matches.field());
      case During _ -> Set.of();
    };
  }

  /** Whether an {@link InTrace} is in a filter. */
  static boolean looksIntoTraces(Filter filter) {
    return switch (filter) {
      case And and -> and.filters().stream().anyMatch(Filter::looksIntoTraces);
      case Or or -> or.filters().stream().anyMatch(Filter::looksIntoTraces);
      case Not not -> looksIntoTraces(not.filter());
      case InTrace _ -> true;
      case Exists _, In _, Compare _, Matches _, During _ -> false;
    };
  }

  /**
   * The one form of all filters that are built differently of the same conditions: nesting undone,
   * repetitions left out, everything in one order.
   */
  static Filter canonical(Filter filter) {
    return FilterForm.canonical(filter);
  }

  static Filter equal(String field, Value value) {
    return new In(field, Set.of(value));
  }

  static Filter equal(String field, String text) {
    return equal(field, Value.of(text));
  }

  static Filter and(Filter... filters) {
    return new And(List.of(filters));
  }

  static Filter or(Filter... filters) {
    return new Or(List.of(filters));
  }

  static Filter not(Filter filter) {
    return new Not(filter);
  }
}
