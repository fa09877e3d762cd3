package firebreak.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The talk's incident as data: a merged pull request, its build and its rollout, a fault, and the
 * truth about them.
 *
 * @param kind what is wrong
 * @param seed makes the same incident again
 * @param start when the live part begins; the merge, the deploy and the fault follow from it
 */
public record TalkIncident(Kind kind, long seed, Instant start) {

  /** What is wrong. */
  public enum Kind {
    /** A build shortens a cache behind a flag; one customer's queries flood the store. */
    TALK,
    /** The store has an outage while the same build and flags change: none of ours. */
    OUTAGE
  }

  /** The answer an honest guard must come to. */
  public record Truth(
      String verdict, String build, String flag, String variation, String customer) {}

  public static final String BUILD_BEFORE = "8811";
  public static final String BUILD_AFTER = "8812";
  public static final String FLAG = "short-cache";
  public static final String CUSTOMER = "retail";
  public static final String REPOSITORY = "lantern/query-api";
  public static final String COMMIT = "5f2c9e1ab40d7733e86b19c2f4a08d6e7713bc52";

  private static final Duration STEP = Duration.ofSeconds(8);

  public Truth truth() {
    return switch (kind) {
      case TALK -> new Truth("deploy", BUILD_AFTER, FLAG, "true", CUSTOMER);
      case OUTAGE -> new Truth("none", "", "", "", "");
    };
  }

  Instant mergedAt() {
    return start.plusSeconds(3);
  }

  Instant builtAt() {
    return start.plusSeconds(6);
  }

  Instant deployedAt() {
    return start.plusSeconds(9);
  }

  Instant faultAt() {
    return start.plusSeconds(18);
  }

  Instant darkModeAt() {
    return start.plusSeconds(15);
  }

  /** Six of eight hosts move; the last two wait, as a careful rollout does. */
  Rollout rollout(Production production) {
    return new Rollout(production.hosts(), BUILD_BEFORE, BUILD_AFTER, deployedAt(), STEP, 6);
  }

  /** What ran in the thirty days before: the build before last, then the last. */
  Rollout earlierRollout(Production production) {
    return new Rollout(
        production.hosts(),
        "8810",
        BUILD_BEFORE,
        start.minus(Duration.ofMinutes(190)),
        Duration.ofSeconds(40),
        production.hosts().size());
  }

  Fault fault() {
    return switch (kind) {
      case TALK -> new Fault.ShortCache(BUILD_AFTER, FLAG, CUSTOMER, faultAt());
      case OUTAGE -> new Fault.StoreOutage(faultAt());
    };
  }

  String whatGoesWrong() {
    return switch (kind) {
      case TALK -> "retail's boards refresh: its queries miss the new, shorter cache";
      case OUTAGE -> "the store behind the API slows down for everyone";
    };
  }

  /** What else changed in the hours before, all of it innocent. */
  List<Innocent> innocents() {
    return List.of(
        new Innocent(Duration.ofMinutes(190), "deploy", "query-api", BUILD_BEFORE),
        new Innocent(Duration.ofMinutes(155), "deploy", "ingest", "4410"),
        new Innocent(Duration.ofMinutes(122), "flag", "query-api", "query-labels"),
        new Innocent(Duration.ofMinutes(75), "deploy", "billing", "902"),
        new Innocent(Duration.ofMinutes(51), "deploy", "ingest", "4411"),
        new Innocent(Duration.ofMinutes(33), "flag", "billing", "annual-plans"),
        new Innocent(Duration.ofMinutes(14), "deploy", "shepherd", "2207"));
  }

  /** A change that did nothing wrong, {@code before} the live part. */
  record Innocent(Duration before, String kind, String service, String name) {}
}
