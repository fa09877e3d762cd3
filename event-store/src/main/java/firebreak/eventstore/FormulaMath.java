package firebreak.eventstore;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The arithmetic of formulas: exact on whole numbers as long as they fit, else on doubles. */
final class FormulaMath {
  private static final Value ZERO = Value.of(0);
  private static final int LONGEST_NUMBER = 64;

  private FormulaMath() {}

  /** The number that a value stands for in arithmetic. */
  static Value number(@Nullable Value value) {
    if (value == null || value instanceof Value.Truth) {
      return ZERO;
    }
    return value instanceof Value.Text(String text) ? parsed(text) : value;
  }

  private static Value parsed(String text) {
    if (text.isEmpty() || text.length() > LONGEST_NUMBER || !isWrittenAsNumber(text)) {
      return ZERO;
    }
    try {
      BigDecimal decimal = new BigDecimal(text);
      if (decimal.scale() <= 0 && decimal.precision() - decimal.scale() <= 18) {
        return Value.of(decimal.longValueExact());
      }
      Value number = finite(decimal.doubleValue());
      return number == null ? ZERO : number;
    } catch (NumberFormatException e) {
      return ZERO;
    }
  }

  private static boolean isWrittenAsNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') {
        return false;
      }
    }
    return true;
  }

  /** The value of a number; null for one that is not finite. */
  static @Nullable Value finite(double number) {
    return Double.isFinite(number) ? Value.number(number) : null;
  }

  static @Nullable Value fold(
      List<Formula> arguments, EventView event, BinaryOperator<@Nullable Value> operator) {
    Value result = number(arguments.getFirst().evaluate(event));
    for (int i = 1; i < arguments.size(); i++) {
      result = operator.apply(result, arguments.get(i).evaluate(event));
      if (result == null) {
        return null;
      }
    }
    return result;
  }

  static @Nullable Value add(@Nullable Value left, @Nullable Value right) {
    Value a = number(left);
    Value b = number(right);
    if (a instanceof Value.Whole x && b instanceof Value.Whole y) {
      long sum = x.number() + y.number();
      if (((x.number() ^ sum) & (y.number() ^ sum)) >= 0) {
        return Value.of(sum);
      }
    }
    return finite(a.asDouble() + b.asDouble());
  }

  static @Nullable Value subtract(@Nullable Value left, @Nullable Value right) {
    Value a = number(left);
    Value b = number(right);
    if (a instanceof Value.Whole x && b instanceof Value.Whole y) {
      long difference = x.number() - y.number();
      if (((x.number() ^ y.number()) & (x.number() ^ difference)) >= 0) {
        return Value.of(difference);
      }
    }
    return finite(a.asDouble() - b.asDouble());
  }

  static @Nullable Value multiply(@Nullable Value left, @Nullable Value right) {
    Value a = number(left);
    Value b = number(right);
    if (a instanceof Value.Whole x && b instanceof Value.Whole y) {
      long high = Math.multiplyHigh(x.number(), y.number());
      long low = x.number() * y.number();
      if (high == low >> 63) {
        return Value.of(low);
      }
    }
    return finite(a.asDouble() * b.asDouble());
  }

  static @Nullable Value divide(@Nullable Value left, @Nullable Value right) {
    double divisor = number(right).asDouble();
    return divisor == 0 ? null : finite(number(left).asDouble() / divisor);
  }

  static @Nullable Value remainder(@Nullable Value left, @Nullable Value right) {
    Value a = number(left);
    Value b = number(right);
    if (b.asDouble() == 0) {
      return null;
    }
    return a instanceof Value.Whole x && b instanceof Value.Whole y
        ? Value.of(x.number() % y.number())
        : finite(a.asDouble() % b.asDouble());
  }

  static Value truncated(Value number) {
    if (number instanceof Value.Real(double real) && Math.abs(real) < 0x1p63) {
      return Value.of((long) real);
    }
    return number;
  }

  static @Nullable Value bucket(
      @Nullable Value value, @Nullable Value size, @Nullable Value least, @Nullable Value most) {
    double width = number(size).asDouble();
    if (value == null || !value.isNumber() || width <= 0) {
      return null;
    }
    double number = value.asDouble();
    if (least != null && number < number(least).asDouble()) {
      return Value.of("< " + number(least).display());
    }
    if (most != null && number >= number(most).asDouble()) {
      return Value.of(">= " + number(most).display());
    }
    double start = number(least).asDouble();
    double low = start + Math.floor((number - start) / width) * width;
    double high = most == null ? low + width : Math.min(low + width, number(most).asDouble());
    return Double.isFinite(low) && Double.isFinite(high)
        ? Value.of(Value.number(low).display() + " - " + Value.number(high).display())
        : null;
  }
}
