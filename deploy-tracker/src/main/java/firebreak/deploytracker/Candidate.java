package firebreak.deploytracker;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;

/**
 * A change that could have done it, with the events that it reached.
 *
 * <p>A flag and a build that do harm only together are one candidate, the flag with the build.
 *
 * @param kind deploy, build or flag
 * @param start when it began to reach events, as far as that was seen
 * @param build the build in the events; empty for a flag alone
 * @param flag empty for a build
 * @param variation what the flag served more of after the change; empty for a build
 * @param scope the events it could have reached: those of its service
 * @param exposed the events it did reach
 */
record Candidate(
    String changeId,
    String kind,
    String name,
    Instant time,
    Instant start,
    String build,
    String flag,
    String variation,
    BitSet scope,
    BitSet exposed) {
  private static final Duration RECENT = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMinutes(10);

  /** This flag together with a build, from when both were there. */
  Candidate with(Candidate other, BitSet bothScopes, BitSet bothExposed) {
    return new Candidate(
        changeId,
        kind,
        name + " with " + other.name,
        time.isAfter(other.time) ? time : other.time,
        start.isAfter(other.start) ? start : other.start,
        other.build,
        flag,
        variation,
        bothScopes,
        bothExposed);
  }

  /**
   * Whether it came so shortly before the burn that it is suspect for that alone: what leaks takes
   * its time, and shows slowly; what fails at once fails soon.
   */
  boolean isRecent(Onset onset) {
    return start.plus(onset.isSudden() ? SOON : RECENT).isAfter(onset.best());
  }

  boolean isFlag() {
    return !flag.isEmpty();
  }

  /** What reached the events, as a person names it. */
  String exposure() {
    String served = flag + " = " + variation;
    return !isFlag() ? build : build.isEmpty() ? served : served + " on " + build;
  }
}
