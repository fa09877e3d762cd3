package firebreak.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import firebreak.eventstore.EventStore.BinWeight;
import firebreak.eventstore.EventStore.Contrast;
import firebreak.eventstore.EventStore.FieldContrast;
import firebreak.eventstore.EventStore.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every event store finds when it sets some events against the others, worked out by hand. */
abstract class ContrastContract extends TraceContract {
  private static final Filter BAD = Filter.equal("bad", Value.of(true));

  private Contrast contrast(Filter within) {
    return store.contrast(new Selection(List.of("few"), HOUR, within, BAD));
  }

  private FieldContrast field(String name) {
    return Objects.requireNonNull(contrast(Filter.ALL).fields().get(name));
  }

  private void few(Event... events) {
    store.append("few", List.of(events));
  }

  private static Weight weight(long selected, long baseline) {
    return new Weight(selected, baseline);
  }

  @Test
  void weighsTheValuesOfEachFieldOnBothSides() {
    few(
        event(0, 1, "bad", true, "host", "a", "code", 200),
        event(1, 2, "bad", true, "host", "a", "code", "200"),
        event(2, 4, "host", "a", "code", 200.0),
        event(3, 8, "host", "b"),
        event(4, 16, "out", true, "rare", 1));
    Contrast contrast = contrast(Filter.not(new Filter.Exists("out")));
    assertEquals(weight(3, 12), contrast.total());
    assertEquals(List.of("bad", "code", "host"), List.copyOf(contrast.fields().keySet()));
    assertEquals(
        new FieldContrast(
            Map.of(Value.of("a"), weight(3, 4), Value.of("b"), weight(0, 8)),
            weight(0, 0),
            weight(0, 0),
            List.of()),
        contrast.fields().get("host"));
    assertEquals(
        new FieldContrast(
            Map.of(Value.of(200), weight(1, 4), Value.of("200"), weight(2, 0)),
            weight(0, 0),
            weight(0, 8),
            List.of(new BinWeight(192, 208, weight(1, 4)))),
        contrast.fields().get("code"));
    assertEquals(Map.of(), contrast(Filter.or()).fields());
    assertEquals(weight(0, 0), contrast(Filter.or()).total());
  }

  @Test
  void listsOnlyWholeGroupsOfValuesOfEqualWeight() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < Limits.CONTRAST_SELECTED; i++) {
      events.add(event(i, i < 3 ? 5 : 2, "bad", true, "host", "bad " + i));
    }
    for (int i = 0; i <= Limits.CONTRAST_BASELINE; i++) {
      events.add(event(i, i < 2 ? 7 : 3, "host", "good " + i));
    }
    few(events.toArray(Event[]::new));
    FieldContrast host = field("host");
    int values = Limits.CONTRAST_SELECTED + 2;
    assertEquals(values, host.values().size(), "all selected ones, and the two heaviest others");
    assertEquals(weight(0, 7), host.values().get(Value.of("good 1")));
    assertEquals(weight(0, 3 * (Limits.CONTRAST_BASELINE - 1)), host.unlisted());
    few(event(9, 2, "bad", true, "host", "one more"));
    host = field("host");
    assertEquals(3 + 2, host.values().size(), "of the selected ones only the three heaviest");
    assertEquals(
        weight(2 * (Limits.CONTRAST_SELECTED - 2), 3 * (Limits.CONTRAST_BASELINE - 1)),
        host.unlisted());
    few(event(10, 4, "bad", true, "host", "good 0"));
    host = field("host");
    assertEquals(weight(4, 7), host.values().get(Value.of("good 0")), "now a selected one");
    assertEquals(4 + Limits.CONTRAST_BASELINE, host.values().size(), "now all others fit");
  }

  @Test
  void leavesOutOthersThatWeighLessThanAThousandthOfAll() {
    few(
        event(0, 1, "host", "bad", "bad", true),
        event(1, 1, "host", "light"),
        event(2, 2, "host", "just"),
        event(3, 1_900, "host", "heavy"),
        event(4, 96));
    FieldContrast host = field("host");
    assertEquals(
        Map.of(
            Value.of("bad"), weight(1, 0),
            Value.of("just"), weight(0, 2),
            Value.of("heavy"), weight(0, 1_900)),
        host.values());
    assertEquals(weight(0, 1), host.unlisted());
    assertEquals(weight(0, 96), host.absent());
  }

  @Test
  void listsNumbersAsValuesOnlyWhereThereAreFew() {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < Limits.CONTRAST_NUMBERS; i++) {
      events.add(event(i, 1, "n", 1_024 + i / 8.0, "bad", i < 4));
    }
    events.add(event(0, 5, "n", "text"));
    few(events.toArray(Event[]::new));
    FieldContrast few = field("n");
    assertEquals(weight(1, 0), few.values().get(Value.of(1_024)));
    assertEquals(4 + 1, few.values().size(), "the other numbers are too many of one weight");
    few(event(1, 2, "n", 8, "bad", true));
    FieldContrast many = field("n");
    assertEquals(Map.of(Value.of("text"), weight(0, 5)), many.values());
    assertEquals(weight(4 + 2, Limits.CONTRAST_NUMBERS - 4), many.unlisted());
    assertEquals(
        List.of(
            new BinWeight(8, 9, weight(2, 0)),
            new BinWeight(1_024, 1_152, weight(4, Limits.CONTRAST_NUMBERS - 4))),
        many.bins());
    assertEquals(weight(0, 0), many.absent());
  }
}
