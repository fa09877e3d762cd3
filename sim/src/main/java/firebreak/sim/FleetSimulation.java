package firebreak.sim;

import com.fasterxml.jackson.databind.JsonNode;
import firebreak.flags.FlagReader;
import firebreak.flags.Flags;
import firebreak.sim.QueryApi.Sent;
import firebreak.sim.fleet.Detail;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.FleetEvent;
import firebreak.sim.fleet.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Plays one production of the fleet against a running server: six hours, thinly, then the incident,
 * live at the pace of the clock or at once. Its changes are told as its tools would tell them.
 */
public final class FleetSimulation {
  /** How long it goes on from minute 0, unless it is said. */
  public static final int MINUTES = 60;

  private static final Duration TICK = Duration.ofMillis(250);
  private static final int BATCH = 1_000;
  private static final long ALIGNED_MILLIS = 10_000;

  /** Minutes before minute 0 of which every event is sent. */
  private static final int WHOLE_BEFORE = 5;

  /**
   * What to play.
   *
   * @param flagFile the file that the server reads its flags from; it exists
   * @param backdated play it at once, as if it had ended now
   * @param minutes how long it goes on from minute 0, which is about when things go wrong
   */
  public record Plan(
      URI server, String key, Kind kind, long seed, Path flagFile, boolean backdated, int minutes) {
    public Plan {
      if (minutes < 1 || minutes > Fleet.END_MINUTE) {
        throw new IllegalArgumentException(
            "it can go on for 1 to %d minutes, not for %d".formatted(Fleet.END_MINUTE, minutes));
      }
    }
  }

  private final Plan plan;
  private final Fleet fleet;
  private final Instant end;
  private final FleetFlags flags;
  private final Detail detail;
  private final PrintStream out;
  private final Clock clock;
  private long sent;
  private long weight;

  /**
   * One production, whose minute 0 is now, or so many minutes ago.
   *
   * @param out is told of progress
   */
  public FleetSimulation(Plan plan, PrintStream out, Clock clock) {
    this.plan = plan;
    this.out = out;
    this.clock = clock;
    Duration length = Duration.ofMinutes(plan.minutes());
    Instant start = plan.backdated() ? clock.instant().minus(length) : clock.instant();
    // Burns are counted by ten seconds, here as where the same production is played in process.
    Instant zero =
        Instant.ofEpochMilli(Math.floorDiv(start.toEpochMilli(), ALIGNED_MILLIS) * ALIGNED_MILLIS);
    fleet = Fleet.of(plan.kind(), plan.seed(), Fleet.PER_MINUTE, zero);
    end = zero.plus(length);
    flags = new FleetFlags(fleet, plan.flagFile());
    detail = new Detail(-WHOLE_BEFORE, Fleet.END_MINUTE);
  }

  /** The production that is played. */
  public Fleet fleet() {
    return fleet;
  }

  /** When it is over. */
  public Instant end() {
    return end;
  }

  /**
   * Plays until it is over; then the server has acknowledged all of it.
   *
   * @throws ServerTrouble if the server cannot be played against; then nothing was sent
   */
  public void play() throws IOException, InterruptedException {
    try (ServerReader reader = new ServerReader(plan.server(), plan.key())) {
      look(reader);
    }
    flags.put(plan.backdated() ? end : fleet.at(0));
    try (ServerClient server = new ServerClient(plan.server(), plan.key())) {
      FleetTellings tellings = new FleetTellings(fleet.notices(), flags, server);
      past(server, tellings, plan.backdated() ? plan.minutes() : 0);
      if (!plan.backdated()) {
        live(server, tellings);
      }
      out.printf(
          "sent %,d events that stand for %,d, and %d notices of changes%n",
          sent, weight, tellings.told());
    }
  }

  /** The server must watch what is sent, and have nothing of these hours yet. */
  private void look(ServerReader reader) throws InterruptedException {
    Instant from = fleet.at(Fleet.FIRST_MINUTE);
    try {
      List<String> watching = new ArrayList<>();
      for (JsonNode slo : reader.get("/api/v1/slos").path("slos")) {
        if (slo.path("dataset").asText().equals(Fleet.SERVICE)) {
          watching.add(slo.path("id").asText());
        }
      }
      if (watching.isEmpty()) {
        throw new ServerTrouble(
            "%s has no objective for the dataset %s, so no burn would be seen"
                .formatted(plan.server(), Fleet.SERVICE));
      }
      for (JsonNode point :
          reader
              .get(
                  "/api/v1/slos/%s/history?since=%s&until=%s&step=600"
                      .formatted(watching.getFirst(), from, end))
              .path("points")) {
        if (point.path("eligible").asLong() > 0) {
          throw new ServerTrouble(
              ("%s has events of %s from %s already: play each production against a server with a"
                      + " data folder of its own")
                  .formatted(plan.server(), Fleet.SERVICE, point.path("time").asText()));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? "nobody answers" : e.getMessage();
      throw new ServerTrouble("%s cannot be played against: %s".formatted(plan.server(), why), e);
    }
  }

  /** At once, in batches. */
  private void past(ServerClient server, FleetTellings tellings, int until) {
    List<Sent> batch = new ArrayList<>();
    for (int minute = Fleet.FIRST_MINUTE; minute < until; minute++) {
      batch.addAll(inOrder(detail.events(fleet, minute)));
      while (batch.size() >= BATCH) {
        send(server, batch.subList(0, BATCH));
        batch.subList(0, BATCH).clear();
      }
      tellings.until(fleet.at(minute + 1));
    }
    send(server, batch);
  }

  private void live(ServerClient server, FleetTellings tellings)
      throws IOException, InterruptedException {
    out.printf("sent six hours before it; it goes on until %s%n", end);
    try (FlagReader reader = Flags.followFile(plan.flagFile())) {
      Instant cursor = fleet.at(0);
      fleet.follow(
          cursor, (flag, keys, attributes) -> reader.serve(flag, keys, attributes).variation());
      while (cursor.isBefore(end)) {
        Instant until = cursor.plus(TICK);
        Duration early = Duration.between(clock.instant(), until);
        if (early.isPositive()) {
          Thread.sleep(early);
        }
        flags.advance(until);
        send(server, inOrder(fleet.events(cursor, until)));
        tellings.until(until);
        cursor = until;
      }
    }
  }

  private static List<Sent> inOrder(List<FleetEvent> events) {
    return events.stream()
        .sorted(Comparator.comparing(FleetEvent::time))
        .map(event -> new Sent(event.time(), event.sampleRate(), event.fields()))
        .toList();
  }

  private void send(ServerClient server, List<Sent> batch) {
    server.send(Fleet.SERVICE, batch);
    sent += batch.size();
    weight += batch.stream().mapToLong(Sent::sampleRate).sum();
  }
}
