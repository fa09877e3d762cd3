package firebreak.eventstore;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A derived column: a value computed from the fields of one event.
 *
 * <p>Formulas that are written differently and mean the same by form, such as {@code $a + 1} and
 * {@code SUM($a, 1)}, are equal.
 */
public sealed interface Formula {

  /** A value as it stands; null for none. */
  record Literal(@Nullable Value value) implements Formula {}

  /** The value of a field of the event. */
  record Field(String name) implements Formula {}

  /** A function of other values. */
  record Call(FormulaFunction function, List<Formula> arguments) implements Formula {
    public Call {
      arguments = List.copyOf(arguments);
      function.check(arguments);
    }
  }

  /**
   * The formula of a text.
   *
   * @throws IllegalArgumentException that says where the text is wrong and what would be right
   */
  static Formula parse(String text) {
    return new FormulaParser(text).parse();
  }

  /** The value for an event; null where there is none. */
  default @Nullable Value evaluate(EventView event) {
    return switch (this) {
      case Literal literal -> literal.value();
      case Field field -> event.field(field.name());
      case Call call -> call.function().evaluate(call.arguments(), event);
    };
  }

  /** The names of the fields that the formula reads. */
  default Set<String> fields() {
    return switch (this) {
      case Literal _ -> Set.of();
      case Field field -> Set.of(field.name());
      case Call call -> {
        Set<String> names = new TreeSet<>();
        call.arguments().forEach(argument -> names.addAll(argument.fields()));
        yield Set.copyOf(names);
      }
    };
  }

  /** Whether the value depends on the event's time too, and not on its fields alone. */
  default boolean readsTime() {
    return this instanceof Call call
        && (call.function() == FormulaFunction.EVENT_TIMESTAMP
            || call.arguments().stream().anyMatch(Formula::readsTime));
  }
}
