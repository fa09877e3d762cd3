package firebreak.eventstore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Events that carry a number, by which a test finds out what a store has kept. */
public final class Numbered {
  public static final String DATASET = "api";
  static final TimeRange EVER = new TimeRange(Instant.MIN, Instant.MAX);

  private Numbered() {}

  /** An event that has all kinds of fields, each of which follows from its number. */
  public static Event event(long number) {
    Map<String, Value> fields = new HashMap<>();
    fields.put("number", Value.of(number));
    fields.put("host", Value.of("host-" + number % 7));
    fields.put("took", Value.number(number * 0.25));
    fields.put("failed", Value.of(number % 11 == 0));
    fields.put(
        "changing", number % 2 == 0 ? Value.of("text " + number) : Value.of(number * 1_000_003));
    return new Event(EventStoreContract.NOON.plusMillis(number % 100_000), 1, fields);
  }

  public static List<Event> events(long first, int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(first + i));
    }
    return events;
  }

  /** The number of an event; below zero if it is not the event that had the number. */
  public static long of(Event event) {
    long number = (long) event.fields().getOrDefault("number", Value.of(-1)).asDouble();
    return event(number).equals(event) ? number : -1 - Math.abs(number);
  }

  /** The numbers of all events that the store has, as often as they are in it. */
  static List<Long> in(EventStore store) {
    List<Long> numbers = new ArrayList<>();
    store.scan(
        List.of(DATASET),
        EVER,
        Filter.ALL,
        List.of(),
        event -> {
          return numbers.add(of(event));
        });
    return numbers;
  }

  /** What a store has and should not, or should have and has not. */
  public record Difference(Set<Long> lost, Set<Long> twice, Set<Long> altered) {
    public boolean isNone() {
      return lost.isEmpty() && twice.isEmpty() && altered.isEmpty();
    }

    public long events() {
      return (long) lost.size() + twice.size() + altered.size();
    }
  }

  /** Compares what is found with what was acknowledged; what was not may be there once or not. */
  public static Difference compare(Iterable<Long> acknowledged, List<Long> found) {
    Set<Long> twice = new HashSet<>();
    Set<Long> altered = new HashSet<>();
    Set<Long> once = new HashSet<>();
    for (Long number : found) {
      if (!once.add(number)) {
        twice.add(number);
      }
      if (number < 0) {
        altered.add(number);
      }
    }
    Set<Long> lost = new HashSet<>();
    for (Long number : acknowledged) {
      if (!once.contains(number)) {
        lost.add(number);
      }
    }
    return new Difference(lost, twice, altered);
  }
}
