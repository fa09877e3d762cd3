package firebreak.eventstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the text of a formula, from the loosest operator down to single values. */
final class FormulaParser {
  /** The operators of two values, those of one line bind alike, later lines more tightly. */
  private static final List<List<String>> OPERATORS =
      List.of(
          List.of("OR"),
          List.of("AND"),
          List.of("!=", "<=", ">=", "=", "<", ">"),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  private static final String NAME_SIGNS = "_./:=+?-";

  private final FormulaScanner scanner;
  private int depth;

  FormulaParser(String text) {
    scanner = new FormulaScanner(text);
  }

  Formula parse() {
    Formula formula = operation(0);
    if (!scanner.isAtEnd()) {
      throw scanner.error(
          "expected an operator such as + or AND, or the end, found " + scanner.found());
    }
    return formula;
  }

  private Formula operation(int level) {
    if (level == OPERATORS.size()) {
      return negation();
    }
    enter();
    int entered = 1;
    Formula left = operation(level + 1);
    int start = scanner.position();
    for (String operator = next(level); operator != null; operator = next(level)) {
      if (!isJoined(operator)) {
        enter();
        entered++;
      }
      left = combined(start, operator, left, operation(level + 1));
    }
    depth -= entered;
    return left;
  }

  private @Nullable String next(int level) {
    return OPERATORS.get(level).stream().filter(scanner::skip).findFirst().orElse(null);
  }

  /** Whether a row of the operator makes one call of many arguments. */
  private static boolean isJoined(String operator) {
    return operator.equals("OR")
        || operator.equals("AND")
        || operator.equals("+")
        || operator.equals("*");
  }

  /** Any other operator goes one deeper, for so does the evaluation of what it makes. */
  private void enter() {
    if (++depth > OPERATORS.size() * Limits.FORMULA_DEPTH) {
      throw scanner.error(
          "the formula is nested more than %d deep".formatted(Limits.FORMULA_DEPTH));
    }
  }

  private Formula combined(int at, String operator, Formula left, Formula right) {
    return switch (operator) {
      case "OR" -> joined(FormulaFunction.OR, left, right);
      case "AND" -> joined(FormulaFunction.AND, left, right);
      case "+" -> joined(FormulaFunction.SUM, left, right);
      case "*" -> joined(FormulaFunction.MUL, left, right);
      case "-" -> call(at, FormulaFunction.SUB, List.of(left, right));
      case "/" -> call(at, FormulaFunction.DIV, List.of(left, right));
      case "%" -> call(at, FormulaFunction.MOD, List.of(left, right));
      case "=" -> call(at, FormulaFunction.EQUALS, List.of(left, right));
      case "!=" ->
          call(
              at,
              FormulaFunction.NOT,
              List.of(call(at, FormulaFunction.EQUALS, List.of(left, right))));
      case "<" -> call(at, FormulaFunction.LT, List.of(left, right));
      case "<=" -> call(at, FormulaFunction.LTE, List.of(left, right));
      case ">" -> call(at, FormulaFunction.GT, List.of(left, right));
      default -> call(at, FormulaFunction.GTE, List.of(left, right));
    };
  }

  /** One call of many arguments for a row of the same operator. */
  private Formula joined(FormulaFunction function, Formula left, Formula right) {
    List<Formula> arguments = new ArrayList<>();
    if (left instanceof Formula.Call call && call.function() == function) {
      arguments.addAll(call.arguments());
    } else {
      arguments.add(left);
    }
    arguments.add(right);
    return call(scanner.position(), function, arguments);
  }

  private Formula negation() {
    if (!scanner.skip("!")) {
      return value();
    }
    int at = scanner.position();
    enter();
    Formula negated = negation();
    depth--;
    return call(at, FormulaFunction.NOT, List.of(negated));
  }

  private Formula value() {
    if (scanner.skip("(")) {
      Formula inner = operation(0);
      scanner.expect(")");
      return inner;
    }
    if (scanner.skip("$")) {
      return new Formula.Field(fieldName());
    }
    if (scanner.isAtText()) {
      return new Formula.Literal(Value.of(scanner.text()));
    }
    if (scanner.isAtNumber()) {
      return new Formula.Literal(scanner.number());
    }
    int at = scanner.position();
    String word = scanner.word();
    if (word.isEmpty()) {
      throw scanner.error(
          "expected a value such as $field, \"text\", 1.5 or NAME(…), found " + scanner.found());
    }
    return switch (word) {
      case "true" -> new Formula.Literal(Value.of(true));
      case "false" -> new Formula.Literal(Value.of(false));
      case "null" -> new Formula.Literal(null);
      default -> call(at, function(at, word), arguments(word));
    };
  }

  private String fieldName() {
    String name = scanner.name(NAME_SIGNS);
    if (name.isEmpty() && scanner.isAtText()) {
      name = scanner.text();
    }
    if (name.isEmpty()) {
      throw scanner.error("expected a field's name after $, found " + scanner.found());
    }
    return name;
  }

  private List<Formula> arguments(String function) {
    if (!scanner.skip("(")) {
      throw scanner.error("expected ( after %s, found %s".formatted(function, scanner.found()));
    }
    List<Formula> arguments = new ArrayList<>();
    while (!scanner.skip(")")) {
      arguments.add(operation(0));
      if (!scanner.skip(",")) {
        scanner.expect(")");
        break;
      }
    }
    return arguments;
  }

  private FormulaFunction function(int at, String word) {
    String name = word.toUpperCase(Locale.ROOT);
    for (FormulaFunction function : FormulaFunction.values()) {
      if (function.name().equals(name)) {
        return function;
      }
    }
    if (name.equals("INGEST_TIMESTAMP")) {
      throw scanner.errorAt(
          at, "when an event arrived is not kept; EVENT_TIMESTAMP() is the event's own time");
    }
    List<String> names = Arrays.stream(FormulaFunction.values()).map(Enum::name).toList();
    throw scanner.errorAt(
        at,
        "there is no function %s; did you mean %s?".formatted(word, Spelling.nearest(name, names)));
  }

  private Formula call(int at, FormulaFunction function, List<Formula> arguments) {
    try {
      return new Formula.Call(function, arguments);
    } catch (IllegalArgumentException e) {
      throw scanner.errorAt(at, String.valueOf(e.getMessage()));
    }
  }
}
