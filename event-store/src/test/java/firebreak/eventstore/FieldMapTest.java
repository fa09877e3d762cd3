package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldMapTest {
  @Test
  void eventsThatAreAlikeShareTheirShape() {
    FieldMap one = new FieldMap.Builder().put("a", Value.of(1)).put("b", Value.of("x")).build();
    FieldMap other = new FieldMap.Builder().put("a", Value.of(2)).put("b", Value.of("y")).build();
    FieldMap turned = new FieldMap.Builder().put("b", Value.of("x")).put("a", Value.of(1)).build();
    assertSame(one.shape(), other.shape());
    assertNotSame(one.shape(), turned.shape());
    assertEquals(one, turned);
    assertEquals(one.hashCode(), turned.hashCode());
    assertEquals(Map.of("a", Value.of(1), "b", Value.of("x")), one);
  }

  @Test
  void aLaterValueOfANameWins() {
    FieldMap fields =
        new FieldMap.Builder()
            .put("a", Value.of(1))
            .put("b", Value.of(2))
            .put("a", Value.of(3))
            .build();
    assertEquals(Map.of("a", Value.of(3), "b", Value.of(2)), fields);
    assertNull(fields.get("c"));
    assertTrue(fields.containsKey("b"));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isTheMapThatItWasMadeFrom(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      Map<String, Value> fields = new LinkedHashMap<>();
      for (int left = random.nextInt(40); left > 0; left--) {
        fields.put("field " + random.nextInt(60), Value.of(random.nextInt()));
      }
      FieldMap copy = FieldMap.copyOf(fields);
      assertEquals(fields, copy, () -> "seed " + seed);
      assertEquals(copy, fields, () -> "seed " + seed);
      assertEquals(fields.hashCode(), copy.hashCode(), () -> "seed " + seed);
      fields.forEach((name, value) -> assertEquals(value, copy.get(name)));
    }
  }
}
