package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** No text breaks the parser, and what it accepts can be computed, whatever the fields hold. */
final class FormulaFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "IF(",
          "SWITCH(",
          "COALESCE(",
          "NOT(",
          "AND(",
          "MIN(",
          "SUM(",
          "MOD(",
          "BUCKET(",
          "INT(",
          "STRING(",
          "CONCAT(",
          "REG_VALUE(",
          "REG_COUNT(",
          "LENGTH(",
          "UNIX_TIMESTAMP(",
          "EVENT_TIMESTAMP()",
          "FORMAT_TIME(",
          "LOG10(",
          "TO_LOWER(",
          "$a",
          "$b",
          "$\"c d\"",
          "$",
          "1",
          "-2.5",
          ".5e3",
          "1e",
          "true",
          "null",
          "\"x\"",
          "`(a|b)*`",
          "`(a+)+$`",
          "\"%Y %",
          "\"%H\"",
          "\\u00e9",
          "\"",
          "`",
          "(",
          ")",
          ")",
          ")",
          ",",
          ",",
          "+",
          "-",
          "*",
          "/",
          "%",
          "=",
          "!=",
          "<",
          ">=",
          "!",
          " AND ",
          " OR ",
          " ",
          "\uD83D\uDE00",
          "\uD800",
          "\n",
          "#");

  private static final List<Value> VALUES =
      List.of(
          Value.of(""),
          Value.of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
          Value.of(true),
          Value.of(Long.MIN_VALUE),
          Value.of(Long.MAX_VALUE),
          Value.number(-0.5),
          Value.of(0),
          Value.number(1e300),
          Value.of("2017-07-20T11:22:44Z"),
          Value.of("1e999"),
          Value.of("+-."));

  @Test
  void neverBreaks() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (long seed = 1; seed <= 30_000; seed++) {
            tryOne(seed);
          }
        });
  }

  private static void tryOne(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int left = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 25); left > 0; left--) {
      text.append(
          random.nextInt(30) == 0
              ? Character.toString(random.nextInt(0x3000))
              : PIECES.get(random.nextInt(PIECES.size())));
    }
    try {
      Formula formula = Formula.parse(text.toString());
      formula.evaluate(event(random));
      if (!formula.equals(Formula.parse(text.toString()))) {
        fail("not equal to itself");
      }
    } catch (IllegalArgumentException e) {
      if (e instanceof NumberFormatException || e.getMessage() == null) {
        throw new AssertionError("seed %d: %s".formatted(seed, text), e);
      }
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed %d: %s".formatted(seed, text), e);
    }
  }

  private static Event event(Random random) {
    return new Event(
        Instant.ofEpochSecond(random.nextInt()),
        1,
        Map.of(
            "a", VALUES.get(random.nextInt(VALUES.size())),
            "c d", VALUES.get(random.nextInt(VALUES.size()))));
  }

  @Test
  void aRegularExpressionTakesTimeInProportionToTheText() {
    String text = "a".repeat(60_000) + "!";
    Event event = new Event(Instant.EPOCH, 1, Map.of("a", Value.of(text)));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          Formula.parse("REG_MATCH($a, `^(a+)+$`)").evaluate(event);
          Formula.parse("REG_MATCH($a, `^(a|aa)*b$`)").evaluate(event);
        });
  }

  @Test
  void aLongRegularExpressionIsFine() {
    Formula.parse("REG_MATCH($a, `" + "(".repeat(490) + "a" + ")".repeat(490) + "`)");
    Formula.parse("REG_MATCH($a, `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\{[^}]{1,64}\\})?`)");
  }

  @Test
  void aSmallRegularExpressionCannotBecomeALargeProgram() {
    for (String pattern :
        List.of(
            "((a{100}){100}){100}",
            "(((a{30}){30}){30}){30}",
            "((a{2,99}b){9,}\\)){9}",
            "[^]{}x]{999}".repeat(9),
            "(".repeat(480) + "a" + "){2}".repeat(130))) {
      Assertions.assertThrows(
          IllegalArgumentException.class,
          () -> Formula.parse("REG_MATCH($a, `" + pattern + "`)"),
          pattern);
    }
  }
}
