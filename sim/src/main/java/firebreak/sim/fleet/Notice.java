package firebreak.sim.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One telling of a change, by the tools around production.
 *
 * @param id of the change; the same in each telling of it
 * @param arrives when it is told; the order of arriving need not be the order of happening
 * @param time when the change took place, or began
 * @param finishedAt when a rollout was finished; null while it is under way and for anything else
 * @param subject the build of a deploy, the key of a flag, what a marker says
 * @param fence the flag's version after the change, else empty
 * @param before the flag's definition before, LaunchDarkly's JSON; else empty
 * @param after the same after
 */
public record Notice(
    Type type,
    String id,
    Instant arrives,
    Instant time,
    @Nullable Instant finishedAt,
    String service,
    String subject,
    String fence,
    String before,
    String after) {

  /** What is told of. */
  public enum Type {
    DEPLOY,
    FLAG,
    MARKER
  }

  static Notice deploy(String service, String build, Instant time, @Nullable Instant finishedAt) {
    String id = "deploy-%s-%s-%d".formatted(service, build, time.getEpochSecond());
    Instant arrives = finishedAt == null ? time : finishedAt;
    return new Notice(Type.DEPLOY, id, arrives, time, finishedAt, service, build, "", "", "");
  }

  static Notice flag(
      String service, String flag, int version, Instant time, String before, String after) {
    return new Notice(
        Type.FLAG,
        flagId(flag, version),
        time,
        time,
        null,
        service,
        flag,
        Integer.toString(version),
        before,
        after);
  }

  static String flagId(String flag, int version) {
    return "flag-%s-%d".formatted(flag, version);
  }

  static Notice marker(String service, String says, Instant time) {
    String id = "marker-%s-%d".formatted(service, time.getEpochSecond());
    return new Notice(Type.MARKER, id, time, time, null, service, says, "", "", "");
  }

  Notice arriving(Instant when) {
    return new Notice(type, id, when, time, finishedAt, service, subject, fence, before, after);
  }
}
