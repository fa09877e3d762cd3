package firebreak.server;

import firebreak.records.Records;
import firebreak.slo.SloMonitor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What people set up over the API: objectives, burn alerts, recipients, annotations, boards. */
final class HoneycombSetup {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private HoneycombSetup() {}

  static List<Routes> routes(
      Records records,
      Objectives objectives,
      SloMonitor monitor,
      QueryRoutes queries,
      Door explore,
      InstantSource clock) {
    Door door = explore.limitedBy(new RateLimit(Limits.SETUP_REQUESTS_PER_MINUTE, MINUTE, clock));
    return List.of(
        new SloRoutes(records, objectives, monitor, door, clock),
        new BurnAlertRoutes(records, objectives, door, clock),
        new RecipientRoutes(records, door, clock),
        new QueryAnnotationRoutes(records, queries, door, clock),
        new BoardRoutes(records, queries, objectives, door, clock),
        new SloUpkeepRoutes(records, objectives, explore, clock));
  }
}
