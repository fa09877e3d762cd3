package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import firebreak.eventstore.EventStore.FieldType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");
  private static final Event WHOLE = event(Map.of("x", Value.of(1)));
  private static final Event TEXT = event(Map.of("x", Value.of("one"), "y", Value.of(2)));

  private final Catalogue catalogue = new Catalogue();

  private static Event event(Map<String, Value> fields) {
    return new Event(TIME, 1, fields);
  }

  @Test
  void aFieldIsOfTheTypeThatItHadLastWhicheverOtherFieldsCameWithIt() {
    catalogue.admit("d", List.of(WHOLE, WHOLE));
    assertEquals(FieldType.WHOLE, catalogue.fields("d").get("x"));
    catalogue.admit("d", List.of(TEXT));
    assertEquals(FieldType.TEXT, catalogue.fields("d").get("x"));
    catalogue.admit("d", List.of(WHOLE));
    assertEquals(FieldType.WHOLE, catalogue.fields("d").get("x"));
    catalogue.admit("d", List.of(TEXT, WHOLE, TEXT));
    assertEquals(FieldType.TEXT, catalogue.fields("d").get("x"));
  }

  @Test
  void whatWasFoundOutInOneDatasetIsNotBelievedInAnother() {
    catalogue.admit("d", List.of(WHOLE));
    catalogue.admit("e", List.of(WHOLE));
    assertEquals(Map.of("x", FieldType.WHOLE), catalogue.fields("e"));
  }

  @Test
  void anEventThatMustBeCleanedIsCleanedAfterOneOfItsShapeThatMustNot() {
    Event plain = event(Map.of("text", Value.of("plain")));
    assertSame(plain, catalogue.admit("d", List.of(plain)).getFirst());
    Event torn = event(Map.of("text", Value.of("half \uD800 a pair")));
    Event cleaned = catalogue.admit("d", List.of(torn)).getFirst();
    assertEquals(Value.of("half \uFFFD a pair"), cleaned.field("text"));
  }

  @Test
  void anEventOfAShapeThatOverflowedOverflowsAgain() {
    for (int i = 0; i < Limits.FIELDS_PER_DATASET; i++) {
      catalogue.admit("d", List.of(event(Map.of("f" + i, Value.of(i)))));
    }
    Event more = event(Map.of("f0", Value.of(0), "more", Value.of(1)));
    for (int i = 1; i <= 3; i++) {
      Event kept = catalogue.admit("d", List.of(more)).getFirst();
      assertEquals(Value.of(1), kept.field(Catalogue.DROPPED_FIELDS));
      assertEquals(i, catalogue.overflowed());
    }
  }
}
