package firebreak.flags;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The flags that the tests change, and small words for what they do with them. */
final class FlagFixtures {
  static final String SHORT_CACHE =
      """
      {"key": "short-cache", "version": 7, "on": true, "prerequisites": [],
       "targets": [], "contextTargets": [], "rules": [],
       "fallthrough": {"variation": 0}, "offVariation": 1, "variations": [true, false],
       "salt": "a", "note": 1.50}""";
  static final String BUTTON =
      """
      {"key": "button", "version": 3, "on": true,
       "targets": [{"variation": 0, "values": ["ann"]}, {"variation": 1, "values": ["bob"]}],
       "rules": [{"id": "r1", "variation": 1, "clauses": [
         {"attribute": "plan", "op": "in", "values": ["beta"], "contextKind": "customer"}]}],
       "fallthrough": {"variation": 2}, "offVariation": 2,
       "variations": ["blue", "green", "grey"]}""";
  static final String SEGMENTS =
      """
      {"beta": {"key": "beta", "version": 1, "included": [], "includedContexts": [
        {"contextKind": "customer", "values": ["retail", "acme"]}], "rules": []}}""";

  private FlagFixtures() {}

  static Path flagFile(Path folder) {
    return write(
        folder.resolve("flags.json"),
        "{\"note\": \"kept\", \"flags\": {\"short-cache\": %s, \"button\": %s}, \"segments\": %s}"
            .formatted(SHORT_CACHE, BUTTON, SEGMENTS));
  }

  static Path write(Path path, String content) {
    try {
      return Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Audience customers(String... keys) {
    return new Audience.Contexts("customer", List.of(keys));
  }

  static Audience users(String... keys) {
    return new Audience.Contexts("user", List.of(keys));
  }

  /** Takes short-cache away from the audience. */
  static Withdrawal shortCacheOff(Audience audience, String fence) {
    return withdrawal("short-cache", audience, "true", "false", fence);
  }

  static Withdrawal withdrawal(
      String flag, Audience audience, String from, String to, String fence) {
    String intent = FlagJson.hash(FlagJson.MAPPER.valueToTree(flag + audience + to));
    String comment = "burn of query-api-fast; evidence at http://127.0.0.1/incidents/1";
    return new Withdrawal(intent, flag, audience, from, to, fence, comment);
  }

  static String fence(FlagSwitch flags, String flag) {
    return flags.read(flag).orElseThrow().fence();
  }

  static Outcome.Applied applied(Outcome outcome) {
    return assertInstanceOf(Outcome.Applied.class, outcome);
  }

  static String served(FlagReader reader, String flag, String kind, String key) {
    return reader.serve(flag, kind, key, Map.of()).variation();
  }

  /** Waits for a condition that another thread brings about. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("waited in vain until " + what);
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail(e);
      }
    }
  }
}
