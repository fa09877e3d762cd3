package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormulaTest {
  private static final Event EVENT =
      new Event(
          Instant.parse("2017-07-20T11:22:44.888Z"),
          1,
          Map.of(
              "name", Value.of("GET /v1/Users"),
              "ms", Value.number(12.5),
              "code", Value.of(404),
              "text.number", Value.of("2.50"),
              "up", Value.of(true),
              "yes", Value.of("true"),
              "Context Key Length", Value.of(3),
              "big", Value.of(Long.MAX_VALUE),
              "at", Value.of("2017-07-20T13:22:44.888+02:00")));

  private static @Nullable Value value(String formula) {
    return Formula.parse(formula).evaluate(EVENT);
  }

  /** Each line is a formula and its value as text; {@code null} for an absent one. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "IF($code >= 500, \"5xx\", $code >= 400, \"4xx\", \"ok\") => 4xx",
        "IF(false, 1) => null",
        "IF($nowhere, 1, 2) => 2",
        "IF($yes, 1, 2) => 1",
        "IF(0, 1, 0.5, 3) => 3",
        "SWITCH($code, 200, \"fine\", 404, \"gone\", \"other\") => gone",
        "SWITCH($code, \"404\", 1, 2) => 2",
        "SWITCH($code, 1, 2) => null",
        "COALESCE($nowhere, null, $ms, 1) => 12.5",
        "COALESCE($nowhere) => null",
        "LT(1, 1.5) => true",
        "LT(\"10\", \"9\") => true",
        "LTE(1, \"2\") => false",
        "GT($nowhere, 0) => false",
        "GTE(true, false) => false",
        "EQUALS(200, 200.0) => true",
        "EQUALS(200, \"200\") => false",
        "EQUALS($nowhere, null) => true",
        "IN($code, 200, 404) => true",
        "IN($code, \"404\") => false",
        "EXISTS($ms) => true",
        "EXISTS($nowhere) => false",
        "NOT(\"yes\") => true",
        "AND(1, $yes, $up) => true",
        "AND(1, $nowhere) => false",
        "OR(0, \"\", $up) => true",
        "MIN(3, 1.5, \"0\", null) => 1.5",
        "MAX($nowhere, \"a\", 9, \"b\") => b",
        "SUM(1.0, 5, \"2.3\") => 8.3",
        "SUM($nowhere, true, \"x\") => 0",
        "SUB(1, 2) => -1",
        "MUL(2, \"3\", 0.5) => 3",
        "DIV(1, 8) => 0.125",
        "DIV(1, 0) => null",
        "DIV(1, $nowhere) => null",
        "MOD(-7, 3) => -1",
        "MOD(7.5, 2) => 1.5",
        "MOD(1, 0) => null",
        "LOG10(1000) => 3",
        "LOG10(0) => null",
        "BUCKET($ms, 5) => 10 - 15",
        "BUCKET($ms, 5, 1) => 11 - 16",
        "BUCKET(-1, 5, 0, 12) => < 0",
        "BUCKET(12, 5, 0, 12) => >= 12",
        "BUCKET(11, 5, 0, 12) => 10 - 12",
        "BUCKET(-1, 5) => -5 - 0",
        "BUCKET($name, 5) => null",
        "BUCKET(1, 0) => null",
        "INT(-1.9) => -1",
        "INT(\"3.9\") => 3",
        "INT($name) => 0",
        "FLOAT($text.number) => 2.5",
        "BOOL($ms) => true",
        "BOOL(\"no\") => false",
        "STRING($ms) => 12.5",
        "STRING($nowhere) => ''",
        "STRING(DIV(30000000001, 2)) => 15000000000.5",
        "STRING(-0.00001) => -0.000010",
        "CONCAT($code, \"-\", $nowhere, true) => 404-true",
        "TO_LOWER($name) => get /v1/users",
        "TO_LOWER($ms) => null",
        "STARTS_WITH($name, \"GET\") => true",
        "ENDS_WITH($name, \"users\") => false",
        "CONTAINS($name, \"/v1/\") => true",
        "CONTAINS($code, \"4\") => false",
        "REG_MATCH($name, `/v\\d/`) => true",
        "REG_MATCH($code, `4`) => false",
        "REG_VALUE($name, `/(v\\d)/`) => v1",
        "REG_VALUE($name, `[A-Z]+`) => GET",
        "REG_VALUE($name, `nothing`) => null",
        "REG_COUNT($name, `[A-Z]`) => 4",
        "REG_COUNT($ms, `.`) => 0",
        "LENGTH(\"h\\u00e9\") => 3",
        "LENGTH(\"e\\u0301\", \"chars\") => 1",
        "LENGTH($ms) => 0",
        "UNIX_TIMESTAMP($at) => 1.500549764888E9",
        "UNIX_TIMESTAMP($name) => null",
        "EVENT_TIMESTAMP() => 1.500549764888E9",
        "FORMAT_TIME(\"%A %d %b %Y %H:%M:%S %j %V %Z%%\", EVENT_TIMESTAMP()) => "
            + "Thursday 20 Jul 2017 11:22:44 201 29 UTC%",
        "FORMAT_TIME(\"%Y\", $name) => null",
        "$\"Context Key Length\" => 3",
        "$ms + 1 * 2 - 4 / 2 => 12.5",
        "(1 + 2) * 3 => 9",
        "7 - 2 - 1 => 4",
        "7 -2 => 5",
        "2 + 3 > 4 AND 1 < 2 => true",
        "true OR false AND false => true",
        "!$up OR $code != 404 => false",
        "!IN($code, 1) => true",
        "if( $nowhere , -.5e1 , ) => null",
        "IF(true, -.5e1, ) => -5",
        "$big + 1 => 9.223372036854776E18",
        "$big - 1 => 9223372036854775806",
        "1e308 * 10 => null"
      })
  void computes(String formula, String expected) {
    Value value = value(formula.strip());
    String text = expected.equals("''") ? "" : expected;
    assertEquals(text.equals("null") ? null : text, value == null ? null : value.display());
  }

  @Test
  void givesTheTypesThatItsFunctionsAreNamedFor() {
    assertEquals(Value.of(3), value("INT(3.5)"));
    assertEquals(Value.of("3"), value("STRING(3)"));
    assertEquals(Value.of(true), value("1 < 2"));
    assertEquals(Value.of("a\"\\\n`"), value("\"a\\\"\\\\\\n`\""));
    assertEquals(Value.of("\\d\""), value("`\\d\"`"));
    assertNull(value("null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "IFF($a, 1) => character 1: there is no function IFF; did you mean IF?",
        "1 + contians($a, 1) => character 5: there is no function contians; did you mean CONTAINS?",
        "IF($a => character 6: expected ), found the end",
        "IF $a => character 4: expected ( after IF, found \"$a\"",
        "$a == 1 => character 5: expected a value such as $field, \"text\", 1.5 or NAME(…), found",
        "$a 1 => character 4: expected an operator such as + or AND, or the end, found \"1\"",
        "NOT(1, 2) => character 1: NOT takes 1 argument, had 2",
        "1 + IF(1) => character 5: IF takes 2 arguments or more, had 1",
        "EVENT_TIMESTAMP(1) => EVENT_TIMESTAMP takes no arguments, had 1",
        "INGEST_TIMESTAMP() => when an event arrived is not kept; EVENT_TIMESTAMP()",
        "REG_MATCH($a, $b) => a regular expression is a text such as",
        "REG_MATCH($a, `(`) => the regular expression ( is wrong",
        "REG_MATCH($a, `(?=x)`) => the regular expression (?=x) is wrong",
        "FORMAT_TIME(\"%Q\", 1) => the time format %Q has a %",
        "LENGTH($a, \"words\") => LENGTH counts \"bytes\" or \"chars\"",
        "\"abc => character 1: the text that begins here has no closing \"",
        "\"\\d\" => character 3: expected one of n t r b f u",
        "1st => 1st is no number; a field's name is $\"…\"",
        "$ a => character 3: expected a field's name after $",
        "1e999 => 1e999 is too large for a number"
      })
  void saysWhereItIsWrongAndWhatWouldBeRight(String formula, String message) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> Formula.parse(formula.strip()));
    String told = String.valueOf(thrown.getMessage());
    assertTrue(told.startsWith("formula, character ") && told.contains(message), told);
  }

  @Test
  void hasBounds() {
    assertThrows(IllegalArgumentException.class, () -> Formula.parse("  "));
    assertThrows(IllegalArgumentException.class, () -> Formula.parse("1" + " ".repeat(4_095)));
    nested(40);
    assertThrows(IllegalArgumentException.class, () -> nested(51));
    assertThrows(IllegalArgumentException.class, () -> Formula.parse("!".repeat(4_000) + "1"));
    assertThrows(IllegalArgumentException.class, () -> Formula.parse("1" + "-1".repeat(2_000)));
    assertEquals(
        Value.of(2_001), value("1" + "+1".repeat(900) + "+(1" + "+1".repeat(900) + ")+199"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Formula.parse("REG_MATCH($a, `" + "x".repeat(1_001) + "`)"));
  }

  private static void nested(int depth) {
    Formula.parse("NOT(".repeat(depth) + "1" + ")".repeat(depth));
  }

  @Test
  void knowsWhatItReads() {
    Formula formula = Formula.parse("IF($a, $b + 1, FORMAT_TIME(\"%Y\", EVENT_TIMESTAMP()))");
    assertEquals(Set.of("a", "b"), formula.fields());
    assertTrue(formula.readsTime());
    assertEquals(Set.of("a-b/c:d"), Formula.parse("$a-b/c:d > 1").fields());
  }

  @Test
  void isEqualHoweverItIsWritten() {
    assertEquals(Formula.parse("SUM($a,1)"), Formula.parse(" $\"a\" + 1 "));
    assertEquals(Formula.parse("NOT(EQUALS($a, `x`))"), Formula.parse("$a != \"x\""));
    assertEquals(
        Formula.parse("REG_MATCH($a,`x`)").hashCode(),
        Formula.parse("REG_MATCH($a,`x`)").hashCode());
    assertNotEquals(Formula.parse("REG_MATCH($a,`x`)"), Formula.parse("REG_MATCH($a,`y`)"));
  }
}
