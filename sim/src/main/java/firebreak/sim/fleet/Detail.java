package firebreak.sim.fleet;

import java.util.List;
import java.util.Set;

/**
 * How much is shown of a production's minutes. Of those that are looked at, every event with every
 * field. Of the hour before, every bad and one in four good events, weighed, with the fields that
 * questions about the past name; of the hours before that, one in twenty good ones.
 *
 * @param wholeFrom the first minute that is looked at
 * @param wholeTo the last one
 */
public record Detail(int wholeFrom, int wholeTo) {
  private static final int HOUR = 60;
  private static final int GOOD_RATE_LONG_BEFORE = 20;
  private static final int GOOD_RATE_BEFORE = 4;

  /** What a question about the hours before an incident can name. */
  private static final Set<String> LASTING =
      Set.of(
          "service.name",
          "build_id",
          "name",
          "http.route",
          "http.method",
          "host.name",
          "region",
          "zone",
          "customer_id",
          "customer.plan",
          "customer.beta",
          "platform",
          "sdk.version",
          "app.version",
          "partition",
          "status_code",
          "duration_ms");

  /** Whether every event of the minute is shown. */
  public boolean isWhole(int minute) {
    return minute >= wholeFrom && minute <= wholeTo;
  }

  /** What is shown of a minute, in no order. */
  public List<FleetEvent> events(Fleet fleet, int minute) {
    if (isWhole(minute)) {
      return fleet.events(minute, 1);
    }
    int goodRate = minute < wholeFrom - HOUR ? GOOD_RATE_LONG_BEFORE : GOOD_RATE_BEFORE;
    return fleet.events(minute, goodRate, Detail::isLasting);
  }

  private static boolean isLasting(String field) {
    return LASTING.contains(field) || field.startsWith("flag.");
  }
}
