package firebreak.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import firebreak.flags.FakeLaunchDarkly;
import firebreak.flags.FakeLaunchDarkly.Fault;
import firebreak.records.Postgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services in processes of their own, with their records in one PostgreSQL, see the same burn
 * and may both act on one LaunchDarkly. One of them is stopped for a while or dies, or LaunchDarkly
 * is slow, busy, loses its answer, or carries a request out late. The flag is changed once.
 *
 * <p>So many races: {@code -Dfirebreak.races=200}, of which number {@code -Dfirebreak.seed=1} is
 * the first.
 */
class RaceIT {
  private static final int RACES = Integer.getInteger("firebreak.races", 6);
  private static final long SEED = Long.getLong("firebreak.seed", 1);
  private static final int RACES_A_START = 25;
  private static final int CUSTOMERS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  /** What happens to one of the two while they race. */
  private enum Mishap {
    NONE,
    STOPPED,
    KILLED
  }

  @Test
  void ofTwoThatSeeOneBurnOneChangesTheFlagAndOnlyOnce() throws Exception {
    Optional<Postgres> started = Postgres.start();
    assumeTrue(started.isPresent(), "needs PostgreSQL");
    try (Postgres postgres = started.get()) {
      for (int first = 0; first < RACES; first += RACES_A_START) {
        race(postgres, first, Math.min(RACES, first + RACES_A_START));
      }
    }
  }

  private static String flag(String key) {
    return """
        {"key": "%s", "version": 1, "on": true, "variations": [true, false], "temporary": true,
         "tags": ["auto-mitigate"], "offVariation": 1, "fallthrough": {"variation": 1}, "salt": "s"}"""
        .formatted(key);
  }

  private void race(Postgres postgres, int first, int end) throws Exception {
    Path home = Files.createDirectories(folder.resolve("from-" + first));
    Path slos = Files.createDirectories(home.resolve("slos"));
    Files.writeString(home.resolve("sdk.key"), FakeLaunchDarkly.SDK_KEY);
    Files.writeString(home.resolve("token"), FakeLaunchDarkly.TOKEN);
    String records = postgres.freshDatabase();
    try (FakeLaunchDarkly flags = FakeLaunchDarkly.start()) {
      for (int race = first; race < end; race++) {
        flags.addFlag(flag(name(race)));
        Files.writeString(slos.resolve(name(race) + ".yaml"), ContrastIT.SLO.formatted(name(race)));
      }
      try (Racer one = new Racer(home, "one", records, flags);
          Racer other = new Racer(home, "other", records, flags)) {
        for (int race = first; race < end; race++) {
          race(race, flags, one, other);
        }
        for (int race = first; race < end; race++) {
          assertChangedOnce(race, flags, one); // what was late has come by now
        }
      }
    }
  }

  private static String name(int race) {
    return "race-" + (SEED + race);
  }

  private static void race(int race, FakeLaunchDarkly flags, Racer one, Racer other)
      throws Exception {
    SplittableRandom random = new SplittableRandom((SEED + race) * 0x9E3779B97F4A7C15L);
    String flag = name(race);
    List<Racer> both = List.of(one, other);
    both.forEach(Racer::awaitUp);
    flags.change(
        flag,
        "fallthrough",
        """
        {"rollout": {"contextKind": "customer", "variations": [
          {"variation": 0, "weight": 50000}, {"variation": 1, "weight": 50000}]}}""");
    both.forEach(racer -> racer.awaitChange(flag));
    Fault fault = fault(random);
    if (fault != null) {
      flags.failNext("PATCH", fault);
    }
    both.forEach(racer -> burn(racer.api(), flag));
    Racer victim = random.nextBoolean() ? one : other;
    Mishap mishap = Mishap.values()[random.nextInt(Mishap.values().length)];
    Thread.sleep(random.nextInt(1_500));
    switch (mishap) {
      case NONE -> {}
      case STOPPED -> {
        victim.pause();
        Thread.sleep(200 + random.nextInt(2_500));
        victim.resume();
      }
      case KILLED -> victim.kill();
    }
    Racer healthy = victim.equals(one) ? other : one;
    String what = "race %d, %s, %s".formatted(SEED + race, mishap, fault);
    awaitMitigated(healthy.api(), flag, what, flags);
    flags.carryOutLateRequests();
    flags.carryOnAsUsual();
    assertEquals(1, ours(flags, flag), what);
    System.out.println(what + ": once");
  }

  private static @Nullable Fault fault(SplittableRandom random) {
    Duration soon = Duration.ofMillis(random.nextInt(2_000));
    return switch (random.nextInt(8)) {
      case 0 -> new Fault.Slow(soon, Duration.ZERO);
      case 1 -> new Fault.Slow(Duration.ZERO, soon);
      case 2 -> new Fault.ReplyLost();
      case 3 -> new Fault.AppliedLate();
      case 4 -> new Fault.Status(429, Map.of("Retry-After", "1"));
      case 5 -> new Fault.Status(500, Map.of());
      default -> null;
    };
  }

  /** An hour that was well, then whom the flag reaches fails. */
  private static void burn(Api api, String flag) {
    Instant now = Instant.now();
    ArrayNode batch = Json.MAPPER.createArrayNode();
    for (int minute = 60; minute > 0; minute--) {
      event(batch, now.minusSeconds(60L * minute), 50, 200, minute % CUSTOMERS, flag, false);
    }
    for (int i = 0; i < 5 * CUSTOMERS; i++) {
      boolean reached = i % 2 == 0;
      event(batch, now, 1, reached ? 500 : 200, i % CUSTOMERS, flag, reached);
    }
    api.post("/1/batch/" + flag, batch.toString());
  }

  private static void event(
      ArrayNode batch, Instant time, int rate, int status, int customer, String flag, boolean on) {
    ObjectNode item = batch.addObject().put("time", time.toString()).put("samplerate", rate);
    item.putObject("data")
        .put("status", status)
        .put("customer_id", "c" + customer)
        .put("flag." + flag, on);
  }

  /** Those whom it reached are well as soon as nobody is served it any more. */
  private static void awaitMitigated(Api api, String flag, String what, FakeLaunchDarkly flags) {
    api.await(
        what + " is over",
        PATIENCE,
        () -> {
          if (flags.targeting(flag).path("version").asInt() == 2) {
            return Optional.empty();
          }
          ArrayNode batch = Json.MAPPER.createArrayNode();
          for (int i = 0; i < CUSTOMERS; i++) {
            event(batch, Instant.now(), 1, 200, i, flag, false);
          }
          api.post("/1/batch/" + flag, batch.toString());
          return api.incidents().stream()
              .filter(incident -> incident.path("slo").asText().equals(flag))
              .filter(incident -> List.of("mitigated", "closed").contains(state(incident)))
              .findFirst();
        });
  }

  private static String state(JsonNode incident) {
    return incident.path("state").asText();
  }

  private static long ours(FakeLaunchDarkly flags, String flag) {
    return flags.comments().stream()
        .filter(comment -> comment.contains("intent=") && comment.contains(flag + " burns"))
        .count();
  }

  private static void assertChangedOnce(int race, FakeLaunchDarkly flags, Racer racer) {
    String flag = name(race);
    assertEquals(3, flags.targeting(flag).path("version").asInt(), flag);
    assertEquals(1, ours(flags, flag), flag);
    List<JsonNode> incidents =
        racer.api().incidents().stream()
            .filter(incident -> incident.path("slo").asText().equals(flag))
            .toList();
    assertEquals(1, incidents.size(), incidents.toString());
    String id = incidents.getFirst().path("id").asText();
    long applied =
        racer.api().audit().stream()
            .filter(record -> record.path("incident").asText().equals(id))
            .filter(record -> record.path("kind").asText().equals("applied"))
            .count();
    assertEquals(1, applied, "the record is what happened: " + flag);
  }
}
