package firebreak.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import firebreak.eventstore.Event;
import firebreak.eventstore.Filter;
import firebreak.eventstore.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Event EVENT =
      new Event(
          Instant.EPOCH,
          1,
          Map.of(
              "path", Value.of("/api/query"),
              "status", Value.of(200),
              "duration_ms", Value.number(12.5),
              "error", Value.of(false)));

  private static boolean holds(String column, String op, @Nullable Object value) {
    return Conditions.filter(column, op, value).matches(EVENT);
  }

  @Test
  void equalityIsByTypeAndContent() {
    assertTrue(holds("status", "=", 200));
    assertTrue(holds("status", "=", 200.0));
    assertTrue(holds("status", "=", new BigDecimal("200.0")));
    assertTrue(holds("status", "=", BigInteger.valueOf(200)));
    assertFalse(holds("status", "=", "200"));
    assertTrue(holds("error", "=", false));
    assertFalse(holds("error", "=", "false"));
  }

  @Test
  void ordersNumbersAndText() {
    assertTrue(holds("duration_ms", ">", 12));
    assertTrue(holds("duration_ms", ">=", 12.5));
    assertFalse(holds("duration_ms", "<", 12.5));
    assertTrue(holds("duration_ms", "<=", 12.5));
    assertTrue(holds("path", "<", "/b"));
    assertFalse(holds("path", ">", 3));
    assertFalse(holds("absent", "<", 3));
  }

  @Test
  void matchesPartsOfText() {
    assertTrue(holds("path", "starts-with", "/api"));
    assertTrue(holds("path", "ends-with", "query"));
    assertTrue(holds("path", "contains", "i/q"));
    assertFalse(holds("status", "contains", "2"));
    assertTrue(holds("path", "in", List.of(1, "/api/query")));
    assertFalse(holds("status", "in", List.of("200", 201)));
  }

  @Test
  void negativesAreTheExactNegationAlsoWhereTheColumnIsAbsent() {
    Map<String, String> negatives =
        Map.of(
            "=", "!=",
            "starts-with", "does-not-start-with",
            "ends-with", "does-not-end-with",
            "contains", "does-not-contain",
            "in", "not-in",
            "exists", "does-not-exist");
    for (String column : List.of("path", "status", "absent")) {
      negatives.forEach(
          (op, negative) -> {
            Object value = op.equals("in") ? List.of("/api/query") : "/api/query";
            Object given = op.equals("exists") ? null : value;
            assertEquals(!holds(column, op, given), holds(column, negative, given), column + op);
          });
    }
    assertTrue(holds("absent", "!=", 200));
    assertTrue(holds("absent", "not-in", List.of(200)));
    assertTrue(holds("absent", "does-not-contain", "x"));
  }

  @Test
  void everyOperatorNamedIsKnown() {
    for (String op : Conditions.OPERATORS) {
      Object value = op.endsWith("in") && !op.contains("contain") ? List.of("x") : "x";
      Conditions.filter("path", op, op.contains("exist") ? null : value);
    }
  }

  @Test
  void saysWhatIsWrongAndWhatWouldBeRight() {
    assertEquals(
        "unknown operator \"start-with\", did you mean \"starts-with\"?; there are "
            + String.join(" ", Conditions.OPERATORS),
        message("path", "start-with", "x"));
    assertTrue(message("path", "=", null).contains("does-not-exist"));
    assertTrue(message("path", "in", "x").contains("list"));
    assertTrue(message("path", "exists", "x").contains("no value"));
    assertTrue(message("path", "contains", 3).contains("text"));
    assertTrue(message("path", "<", true).contains("number or text"));
    assertTrue(message("", "=", 1).contains("column"));
    assertTrue(message("path", "=", Map.of()).contains("truth value"));
  }

  private static String message(String column, String op, @Nullable Object value) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Conditions.filter(column, op, value))
            .getMessage());
  }

  @Test
  void combinesByAndOrOr() {
    Filter yes = Filter.ALL;
    Filter no = Filter.not(Filter.ALL);
    assertFalse(Conditions.combine("AND", List.of(yes, no)).matches(EVENT));
    assertTrue(Conditions.combine("or", List.of(yes, no)).matches(EVENT));
    assertTrue(Conditions.combine("OR", List.of()).matches(EVENT));
    assertThrows(IllegalArgumentException.class, () -> Conditions.combine("XOR", List.of()));
  }
}
