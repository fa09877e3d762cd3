package firebreak.eventstore;

import firebreak.eventstore.columns.Times;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the functions of formulas make of an event. */
final class FormulaEvaluation {
  private final List<Formula> arguments;
  private final EventView event;

  private FormulaEvaluation(Formula.Call call, EventView event) {
    this.arguments = call.arguments();
    this.event = event;
  }

  static @Nullable Value value(Formula.Call call, EventView event) {
    return new FormulaEvaluation(call, event).value(call);
  }

  private @Nullable Value value(Formula.Call call) {
    return switch (call.function()) {
      case IF -> branch();
      case SWITCH -> branchOf(argument(0));
      case COALESCE -> firstPresent();
      case LT -> Value.of(compares(Relation.LESS));
      case LTE -> Value.of(compares(Relation.LESS_OR_EQUAL));
      case GT -> Value.of(compares(Relation.GREATER));
      case GTE -> Value.of(compares(Relation.GREATER_OR_EQUAL));
      case EQUALS -> Value.of(Objects.equals(argument(0), argument(1)));
      case IN -> Value.of(isIn(argument(0)));
      case EXISTS -> Value.of(argument(0) != null);
      case NOT -> Value.of(!isTrue(argument(0)));
      case AND -> Value.of(arguments.stream().allMatch(each -> isTrue(each.evaluate(event))));
      case OR -> Value.of(arguments.stream().anyMatch(each -> isTrue(each.evaluate(event))));
      case MIN -> extreme(Relation.LESS);
      case MAX -> extreme(Relation.GREATER);
      case SUM -> FormulaMath.fold(arguments, event, FormulaMath::add);
      case MUL -> FormulaMath.fold(arguments, event, FormulaMath::multiply);
      case SUB -> FormulaMath.subtract(argument(0), argument(1));
      case DIV -> FormulaMath.divide(argument(0), argument(1));
      case MOD -> FormulaMath.remainder(argument(0), argument(1));
      case LOG10 -> FormulaMath.finite(Math.log10(FormulaMath.number(argument(0)).asDouble()));
      case BUCKET -> FormulaMath.bucket(argument(0), argument(1), argument(2), argument(3));
      case INT -> FormulaMath.truncated(FormulaMath.number(argument(0)));
      case FLOAT -> FormulaMath.number(argument(0));
      case BOOL -> Value.of(isTrue(argument(0)));
      case STRING -> Value.of(FormulaText.display(argument(0)));
      case CONCAT -> FormulaText.concatenated(arguments, event);
      case TO_LOWER -> FormulaText.lower(argument(0));
      case STARTS_WITH -> FormulaText.both(argument(0), argument(1), String::startsWith);
      case ENDS_WITH -> FormulaText.both(argument(0), argument(1), String::endsWith);
      case CONTAINS -> FormulaText.both(argument(0), argument(1), String::contains);
      case REG_MATCH -> FormulaText.matches(argument(0), call.pattern());
      case REG_VALUE -> FormulaText.firstMatch(argument(0), call.pattern());
      case REG_COUNT -> FormulaText.countMatches(argument(0), call.pattern());
      case LENGTH -> FormulaText.length(argument(0), argument(1));
      case UNIX_TIMESTAMP -> FormulaTime.seconds(argument(0));
      case EVENT_TIMESTAMP -> Value.number(Times.nanos(event.time()) / 1e9);
      case FORMAT_TIME -> FormulaTime.formatted(argument(0), argument(1));
    };
  }

  /** The value of an argument; null where it is absent or was not given. */
  private @Nullable Value argument(int index) {
    return index < arguments.size() ? arguments.get(index).evaluate(event) : null;
  }

  static boolean isTrue(@Nullable Value value) {
    return switch (value) {
      case null -> false;
      case Value.Truth truth -> truth.truth();
      case Value.Text text -> text.text().equals("true");
      case Value.Whole whole -> whole.number() != 0;
      case Value.Real _ -> true;
    };
  }

  private @Nullable Value branch() {
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      if (isTrue(argument(i))) {
        return argument(i + 1);
      }
    }
    return arguments.size() % 2 == 1 ? argument(arguments.size() - 1) : null;
  }

  private @Nullable Value branchOf(@Nullable Value subject) {
    for (int i = 1; i + 1 < arguments.size(); i += 2) {
      if (Objects.equals(subject, argument(i))) {
        return argument(i + 1);
      }
    }
    return arguments.size() % 2 == 0 ? argument(arguments.size() - 1) : null;
  }

  private @Nullable Value firstPresent() {
    for (Formula argument : arguments) {
      Value value = argument.evaluate(event);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private boolean compares(Relation relation) {
    Value left = argument(0);
    Value right = argument(1);
    return left != null
        && right != null
        && (left.isNumber() ? right.isNumber() : bothTexts(left, right))
        && relation.holds(left.compareTo(right));
  }

  private static boolean bothTexts(Value left, Value right) {
    return left instanceof Value.Text && right instanceof Value.Text;
  }

  private boolean isIn(@Nullable Value subject) {
    for (int i = 1; i < arguments.size(); i++) {
      if (Objects.equals(subject, argument(i))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Value extreme(Relation relation) {
    Value extreme = null;
    for (Formula argument : arguments) {
      Value value = argument.evaluate(event);
      if (value == null) {
        continue;
      }
      if (extreme == null
          || (isSameType(value, extreme) && relation.holds(value.compareTo(extreme)))) {
        extreme = value;
      }
    }
    return extreme;
  }

  private static boolean isSameType(Value a, Value b) {
    return a.isNumber() ? b.isNumber() : a.getClass() == b.getClass();
  }
}
