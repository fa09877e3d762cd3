package firebreak.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.eventstore.EventStore;
import firebreak.records.Records;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No JSON breaks the reading of queries, and what is accepted has an answer. */
class QueryJsonTest {
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  private static final List<String> KEYS =
      List.of(
          "calculations",
          "calculated_fields",
          "formulas",
          "filters",
          "filter_combination",
          "breakdowns",
          "orders",
          "havings",
          "limit",
          "start_time",
          "end_time",
          "time_range",
          "granularity",
          "compare_time_offset_seconds");
  private static final List<String> INNER =
      List.of(
          "op",
          "column",
          "name",
          "filters",
          "filter_combination",
          "value",
          "order",
          "difference",
          "calculate_op",
          "expression",
          "unknown");
  private static final List<String> TEXTS =
      List.of(
          "",
          "COUNT",
          "SUM",
          "P99",
          "RATE_MAX",
          "CONCURRENCY",
          "HEATMAP",
          "=",
          "<",
          "in",
          "exists",
          "contains",
          "x",
          "any.x",
          "none.x",
          "root.x",
          "parent.",
          "AND",
          "OR",
          "descending",
          "$x + 1",
          "IF(",
          "$COUNT / 2",
          "2026-03-02T11:00:00Z",
          "-1000000000-01-01T00:00:00Z");
  private static final List<Number> NUMBERS =
      List.of(
          0,
          1,
          -1,
          10,
          60,
          3_600,
          1_772_449_200,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          0.5,
          -1e300,
          new BigDecimal("1e999"),
          BigInteger.TWO.pow(70),
          31_556_889_864_403_199L);

  @TempDir Path folder;

  @Test
  void isNeverBroken() {
    try (Records records = Records.open(folder.resolve("records.db"));
        EventStore store = EventStore.inMemory()) {
      DerivedFields derived = new DerivedFields(records.derivedColumns()::of);
      int[] accepted = new int[1];
      Assertions.assertTimeoutPreemptively(
          Duration.ofMinutes(2),
          () -> {
            for (long seed = 1; seed <= 5_000; seed++) {
              accepted[0] += tryOne(seed, derived, store) ? 1 : 0;
            }
          });
      Assertions.assertTrue(accepted[0] > 100, "accepted were only " + accepted[0]);
    }
  }

  private static boolean tryOne(long seed, DerivedFields derived, EventStore store) {
    Random random = new Random(seed);
    ObjectNode body = JsonTree.object();
    for (int left = random.nextInt(4); left > 0; left--) {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      body.set(
          key, key.endsWith("s") && random.nextInt(9) > 0 ? list(random, 2) : value(random, 2));
    }
    NamedQuery query;
    try {
      query = QueryJson.query(List.of("shop"), body, derived, NOW);
    } catch (IllegalArgumentException e) {
      if (e instanceof NumberFormatException || e.getMessage() == null) {
        throw new AssertionError("seed %d: %s".formatted(seed, body), e);
      }
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError("seed %d: %s".formatted(seed, body), e);
    }
    try {
      new ResultJson(query, true).view(RowFormulas.answer(store, query));
    } catch (RuntimeException e) {
      throw new AssertionError("seed %d: %s".formatted(seed, body), e);
    }
    return true;
  }

  private static ArrayNode list(Random random, int depth) {
    ArrayNode list = Json.MAPPER.createArrayNode();
    for (int left = random.nextInt(3); left > 0; left--) {
      list.add(random.nextInt(4) > 0 ? object(random, depth) : value(random, depth));
    }
    return list;
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JsonTree.object();
    for (int left = random.nextInt(4); left > 0; left--) {
      object.set(INNER.get(random.nextInt(INNER.size())), value(random, depth - 1));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0, 1, 2, 3 -> Json.MAPPER.valueToTree(TEXTS.get(random.nextInt(TEXTS.size())));
      case 4, 5 -> Json.MAPPER.valueToTree(NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 6 -> Json.MAPPER.valueToTree(random.nextInt(3) == 0 ? null : random.nextBoolean());
      case 7 -> list(random, depth - 1);
      default -> object(random, depth);
    };
  }
}
