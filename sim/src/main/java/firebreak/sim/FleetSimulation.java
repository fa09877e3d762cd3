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
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Plays one production of the fleet against a running server: some hours, thinly, then the
 * incident, live at the pace of the clock or at once. Its changes are told as its tools would tell
 * them.
 */
public final class FleetSimulation {
  /** The most hours that can come before minute 0. */
  public static final int HOURS = -Fleet.FIRST_MINUTE / 60;

  private static final int PER_MINUTE_AT_MOST = 100_000;
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int BATCH = 1_000;
  private static final long ALIGNED_MILLIS = 10_000;

  /** Minutes before minute 0 of which every event is sent. */
  private static final int WHOLE_BEFORE = 5;

  /**
   * What to play.
   *
   * @param flagFile the file that the server reads its flags from; it exists
   * @param perMinute how many requests there are on average
   * @param hours that come before minute 0, which is about when things go wrong
   * @param backdated play it at once, as if it had ended now
   * @param live how long it goes on from minute 0
   */
  public record Plan(
      URI server,
      String key,
      Kind kind,
      long seed,
      Path flagFile,
      int perMinute,
      int hours,
      boolean backdated,
      Duration live) {
    public Plan {
      if (!live.isPositive() || live.compareTo(Duration.ofMinutes(Fleet.END_MINUTE)) > 0) {
        throw new IllegalArgumentException(
            "it can go on for 1 to %d minutes, not for %d"
                .formatted(Fleet.END_MINUTE, live.toMinutes()));
      }
      if (perMinute < 1 || perMinute > PER_MINUTE_AT_MOST) {
        throw new IllegalArgumentException(
            "it can be 1 to %d requests a minute, not %d".formatted(PER_MINUTE_AT_MOST, perMinute));
      }
      if (hours < 0 || hours > HOURS) {
        throw new IllegalArgumentException(
            "0 to %d hours can come before it, not %d".formatted(HOURS, hours));
      }
    }
  }

  private final Plan plan;
  private final Fleet fleet;
  private final Instant end;
  private final int first;
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
    Instant start = plan.backdated() ? clock.instant().minus(plan.live()) : clock.instant();
    // Burns are counted by ten seconds, here as where the same production is played in process.
    Instant zero =
        Instant.ofEpochMilli(Math.floorDiv(start.toEpochMilli(), ALIGNED_MILLIS) * ALIGNED_MILLIS);
    fleet = Fleet.of(plan.kind(), plan.seed(), plan.perMinute(), zero);
    end = zero.plus(plan.live());
    first = -60 * plan.hours();
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
      flags.put(plan.backdated() ? end : fleet.at(0));
      lookAtFlags(reader);
    } catch (IllegalArgumentException e) {
      throw new ServerTrouble(String.valueOf(e.getMessage()), e);
    } catch (ConnectException e) {
      throw new ServerTrouble(
          "nobody answers at %s: start a server there with what --prepare writes, or name another"
              .formatted(plan.server()),
          e);
    }
    try (ServerClient server = new ServerClient(plan.server(), plan.key())) {
      FleetTellings tellings = new FleetTellings(fleet.notices(), flags, server);
      past(server, tellings, plan.backdated() ? end : fleet.at(0));
      if (!plan.backdated()) {
        live(server, tellings);
      }
      out.printf(
          "sent %,d events that stand for %,d, and %d notices of changes%n",
          sent, weight, tellings.told());
    }
  }

  /** The server must watch what is sent, and have nothing of these hours yet. */
  private void look(ServerReader reader) throws IOException, InterruptedException {
    if (!"http".equals(plan.server().getScheme()) && !"https".equals(plan.server().getScheme())) {
      throw new ServerTrouble(
          "a server has an address such as http://127.0.0.1:8080, not " + plan.server());
    }
    String watching = "";
    for (JsonNode slo : reader.get("/api/v1/slos").path("slos")) {
      watching =
          slo.path("dataset").asText().equals(Fleet.SERVICE) ? slo.path("id").asText() : watching;
    }
    if (watching.isEmpty()) {
      throw new ServerTrouble(
          "%s has no objective for the dataset %s, so no burn would be seen; --prepare writes one"
              .formatted(plan.server(), Fleet.SERVICE));
    }
    String history =
        "/api/v1/slos/%s/history?since=%s&until=%s&step=600"
            .formatted(watching, fleet.at(first), end);
    for (JsonNode point : reader.get(history).path("points")) {
      if (point.path("eligible").asLong() > 0) {
        throw new ServerTrouble(
            ("%s has events of %s from %s already: play each production against a server with a"
                    + " data folder of its own")
                .formatted(plan.server(), Fleet.SERVICE, point.path("time").asText()));
      }
    }
  }

  /** What the guard turns must be what the production reads. */
  private void lookAtFlags(ServerReader reader) throws IOException, InterruptedException {
    Set<String> missing = new TreeSet<>();
    fleet.flags(end).forEach(flag -> missing.add(flag.key()));
    for (JsonNode flag : reader.get("/api/v1/flags").path("flags")) {
      missing.remove(flag.path("key").asText());
    }
    if (!missing.isEmpty()) {
      throw new ServerTrouble(
          ("%s does not read its flags from %s, or it would have %s: its configuration must say so,"
                  + " as flags: {file: …}")
              .formatted(plan.server(), plan.flagFile(), String.join(", ", missing)));
    }
  }

  /** At once, in batches. */
  private void past(ServerClient server, FleetTellings tellings, Instant until) {
    List<Sent> batch = new ArrayList<>();
    for (int minute = first; fleet.at(minute).isBefore(until); minute++) {
      boolean isCut = fleet.at(minute + 1).isAfter(until);
      batch.addAll(
          inOrder(isCut ? fleet.events(fleet.at(minute), until) : detail.events(fleet, minute)));
      while (batch.size() >= BATCH) {
        send(server, batch.subList(0, BATCH));
        batch.subList(0, BATCH).clear();
      }
      tellings.until(isCut ? until : fleet.at(minute + 1));
    }
    send(server, batch);
  }

  private void live(ServerClient server, FleetTellings tellings)
      throws IOException, InterruptedException {
    out.printf("sent what came before it; now it is live, until %s%n", end);
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
