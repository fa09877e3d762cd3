package firebreak.deploytracker;

import java.time.Instant;
import java.util.BitSet;

/**
 * A change that could have done it, with the events that it reached.
 *
 * @param kind deploy, build or flag
 * @param start when it began to reach events, as far as that was seen
 * @param build the build in the events; empty for a flag
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

  boolean isFlag() {
    return !flag.isEmpty();
  }

  /** What reached the events, as a person names it. */
  String exposure() {
    return isFlag() ? flag + " = " + variation : build;
  }
}
