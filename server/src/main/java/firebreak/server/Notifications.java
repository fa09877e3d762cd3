package firebreak.server;

import firebreak.records.Notice;
import firebreak.records.Records;
import firebreak.slo.SloMonitor;
import firebreak.webhooks.outgoing.Reach;
import firebreak.webhooks.outgoing.Sending;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
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
  private final Sending sending;

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
    sending = new Sending(reach, Sending.TIME);
  }

  BurnAlertWatch burnAlerts(SloMonitor monitor) {
    return new BurnAlertWatch(records, monitor, config.base() + "slos/");
  }

  /**
   * Takes messages to people, and the rest where it belongs.
   *
   * @param gitHub takes notices there
   */
  Courier courier(Courier.Carrier gitHub) {
    return new Courier(
        records.outbox(),
        (waiting, now) ->
            waiting.notice().destination().equals(GitHubNotice.DESTINATION)
                ? gitHub.carry(waiting, now)
                : carry(waiting.notice(), now),
        clock,
        new SecureRandom());
  }

  private Sending.Outcome carry(Notice notice, Instant now) {
    return destinations
        .find(notice.destination())
        .map(destination -> sending.send(destination, MessageJson.read(notice.body()), now))
        .orElse(new Sending.Outcome.Failed("there is no way to send to it", false, Duration.ZERO));
  }

  Routes routes(Door door) {
    return new NotificationRoutes(records.outbox(), destinations, door, clock);
  }
}
