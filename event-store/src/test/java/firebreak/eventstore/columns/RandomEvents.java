package firebreak.eventstore.columns;

import firebreak.eventstore.Event;
import firebreak.eventstore.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Events drawn from a seed, of all forms in which a column can lie. */
final class RandomEvents {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final List<String> FIELDS =
      List.of(
          "host",
          "rare",
          "constant",
          "flag",
          "mixed",
          "status",
          "ms",
          "exact",
          "huge",
          "vast",
          "late",
          "turning",
          "trace",
          "span",
          "uuid",
          "user",
          "padded",
          "numbered",
          "long",
          "unicode",
          "few",
          "real");

  private final Random random;
  private final long timeStep;
  private final boolean sampled;
  private final int lateness;
  private int next;

  RandomEvents(long seed) {
    random = new Random(seed);
    timeStep = List.of(1L, 1_000L, 1_000_000L).get(random.nextInt(3));
    sampled = random.nextBoolean();
    lateness = random.nextInt(50);
  }

  List<Event> list(int count) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event());
    }
    return events;
  }

  private Event event() {
    Map<String, Value> fields = new HashMap<>();
    for (String field : FIELDS) {
      Value value = value(field);
      if (value != null && random.nextInt(40) > 0) {
        fields.put(field, value);
      }
    }
    fields.put("identity", Value.of("%016x".formatted(0xABCDEF00L + next * 7L)));
    int ticks = next / 3 - random.nextInt(lateness + 1);
    next++;
    int rate = sampled && random.nextInt(3) == 0 ? 1 + random.nextInt(1_000) : 1;
    return new Event(START.plusNanos(ticks * timeStep), rate, fields);
  }

  private Value value(String field) {
    return switch (field) {
      case "host" -> Value.of("host-" + random.nextInt(300));
      case "rare" -> Value.of(random.nextInt(500) == 0);
      case "constant" -> Value.of("same");
      case "flag" -> Value.of(random.nextBoolean());
      case "mixed" -> mixed();
      case "status" -> Value.of(200 + random.nextInt(5));
      case "ms" -> Value.number(random.nextInt(3_000_000) / 1_000.0);
      case "exact" -> Value.number(random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
      case "huge" -> Value.of(random.nextLong());
      case "vast" -> extreme();
      case "late" -> Value.of(next > 3_000 ? Integer.toString(random.nextInt(9)) : "x");
      case "turning" -> next < 5_500 ? Value.of(next * 3L) : mixed();
      case "trace" -> Value.of(hex(random.nextInt(2_000)) + hex(random.nextInt(3)));
      case "span" -> Value.of(hex(random.nextLong()));
      case "uuid" -> Value.of(new UUID(random.nextLong(), random.nextLong()).toString());
      case "user" -> Value.of("user-" + random.nextInt(1 << 20));
      case "padded" -> Value.of("p-%08d".formatted(random.nextInt(1 << 20)));
      case "numbered" -> Value.of(random.nextInt(3) + "/" + random.nextLong(1L << 60) + "0");
      case "long" -> Value.of("x".repeat(random.nextInt(300) == 0 ? 65_000 : random.nextInt(9)));
      case "unicode" -> Value.of("\uD83D\uDE00é中".repeat(random.nextInt(4)) + random.nextInt(99));
      case "few" -> Value.number(random.nextInt(4_000) * 0.1);
      default -> Value.number(random.nextInt(100) == 0 ? 1e300 : random.nextInt(90_000) / 16.0);
    };
  }

  private Value mixed() {
    return switch (random.nextInt(6)) {
      case 0 -> Value.of(random.nextBoolean());
      case 1 -> Value.of("text" + random.nextInt(5));
      case 2 -> Value.number(random.nextInt(8) * 0.5);
      case 3 -> Value.of(hex(random.nextInt(4)));
      case 4 -> Value.of(Long.MAX_VALUE - random.nextInt(2));
      default -> Value.of(Integer.toString(random.nextInt(7)));
    };
  }

  private Value extreme() {
    return switch (random.nextInt(40)) {
      case 0 -> Value.of(Long.MIN_VALUE);
      case 1 -> Value.of(Long.MAX_VALUE);
      default -> Value.of(random.nextLong() >> random.nextInt(64));
    };
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }
}
