package firebreak.guard;

import firebreak.slo.BurnAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When two alerts are about one burn: late events move an alert's onset a little, and a burn that
 * becomes urgent was often seen by a slower rule before.
 */
final class Burn {
  /** A slower rule's alert that began this near an urgent one's is about the same burn. */
  static final Duration SAME_ONSET = Duration.ofHours(1);

  private Burn() {}

  /**
   * The alerts without the slower ones of burns that an urgent one tells of; of two urgent ones of
   * one burn, the one that found it first, which is not over before the other is.
   */
  static List<BurnAlert> each(List<BurnAlert> alerts) {
    return alerts.stream()
        .filter(
            alert ->
                alerts.stream()
                    .noneMatch(
                        other ->
                            other.urgent()
                                && isSame(alert, other)
                                && (!alert.urgent() || isBefore(other, alert))))
        .map(alert -> alert.urgent() ? untilAllEnd(alert, alerts) : alert)
        .toList();
  }

  /** Whom a change reached may be well again while something else burns on. */
  private static BurnAlert untilAllEnd(BurnAlert alert, List<BurnAlert> alerts) {
    Instant end = end(alert);
    for (BurnAlert other : alerts) {
      if (other.urgent() && isSame(alert, other) && end(other).isAfter(end)) {
        end = end(other);
      }
    }
    return end.equals(end(alert)) ? alert : alert.until(end.equals(Instant.MAX) ? null : end);
  }

  private static boolean isBefore(BurnAlert a, BurnAlert b) {
    return a.detectedAt().isBefore(b.detectedAt())
        || (a.detectedAt().equals(b.detectedAt()) && a.detector().compareTo(b.detector()) > 0);
  }

  static boolean isSame(BurnAlert a, BurnAlert b) {
    return a.objective().id().equals(b.objective().id())
        && end(a).isAfter(b.beganAt())
        && end(b).isAfter(a.beganAt())
        && (a.urgent() == b.urgent()
            || Duration.between(a.beganAt(), b.beganAt()).abs().compareTo(SAME_ONSET) <= 0);
  }

  private static Instant end(BurnAlert alert) {
    Instant end = alert.endedAt();
    return end == null ? Instant.MAX : end;
  }
}
