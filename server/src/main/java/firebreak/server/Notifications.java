package firebreak.server;

import firebreak.records.Records;
import firebreak.slo.SloMonitor;
import firebreak.webhooks.outgoing.Reach;
import firebreak.webhooks.outgoing.Sending;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * Telling people, wired: what changes about incidents and burn alerts is written into the outbox
 * together with the change, and the courier takes it from there.
 */
final class Notifications {
  private final Config config;
  private final Records records;
  private final InstantSource clock;
  private final Destinations destinations;
  private final Courier courier;

  Notifications(Config config, Records records, InstantSource clock) {
    this.config = config;
    this.records = records;
    this.clock = clock;
    destinations = new Destinations(config.notifications(), records);
    IncidentMessages messages = new IncidentMessages(config.base() + "incidents/");
    List<String> all = destinations.names();
    records.announce(
        (before, after) ->
            messages.of(before, after).stream()
                .flatMap(message -> all.stream().map(name -> MessageJson.notice(message, name)))
                .toList(),
        clock);
    Reach reach = new Reach(config.outgoing().allow(), InetAddress::getAllByName);
    courier =
        new Courier(
            records.outbox(),
            destinations,
            new Sending(reach, Sending.TIME),
            clock,
            new SecureRandom());
  }

  BurnAlertWatch burnAlerts(SloMonitor monitor) {
    return new BurnAlertWatch(records, monitor, config.base() + "slos/");
  }

  Courier courier() {
    return courier;
  }

  Routes routes(Door door) {
    return new NotificationRoutes(records.outbox(), destinations, door, clock);
  }
}
