package firebreak.eventstore;

import com.google.re2j.Pattern;
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
  final class Call implements Formula {
    private final FormulaFunction function;
    private final List<Formula> arguments;
    private final @Nullable Pattern pattern;

    public Call(FormulaFunction function, List<Formula> arguments) {
      this.function = function;
      this.arguments = List.copyOf(arguments);
      function.check(this.arguments);
      pattern = function.isRegular() ? FormulaText.pattern(this.arguments.get(1)) : null;
    }

    public FormulaFunction function() {
      return function;
    }

    public List<Formula> arguments() {
      return arguments;
    }

    /** The regular expression of a function that takes one. */
    Pattern pattern() {
      if (pattern == null) {
        throw new IllegalStateException(function + " takes no regular expression");
      }
      return pattern;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Call call
          && function == call.function
          && arguments.equals(call.arguments);
    }

    @Override
    public int hashCode() {
      return 31 * function.hashCode() + arguments.hashCode();
    }

    @Override
    public String toString() {
      return function + arguments.toString();
    }
  }

  /**
   * The formula of a text: {@code $name} or {@code $"a name"} for a field; {@code "text"}, {@code
   * `raw text`}, numbers, {@code true}, {@code false} and {@code null}; {@code NAME(…, …)} for a
   * {@link FormulaFunction}; and between values {@code + - * / % = != < <= > >= AND OR}, before one
   * {@code !}, with brackets. A name goes on over letters, digits and {@code _ . / : = + ? -}, so
   * an operator behind one is set off by a space.
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
      case Call call -> FormulaEvaluation.value(call, event);
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
