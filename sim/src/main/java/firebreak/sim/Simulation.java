package firebreak.sim;

import firebreak.flags.FlagReader;
import firebreak.flags.Flags;
import firebreak.sim.Production.Customer;
import firebreak.sim.QueryApi.Sent;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays an incident against a running server, as the processes of a real production would: a thin
 * past first, then the present, second by second, asking through LaunchDarkly's SDK what each
 * customer is served.
 */
public final class Simulation {
  private static final long INTERVAL_MILLIS = 250;
  private static final int BATCH = 1_000;
  private static final String DATASET = "query-api";

  /**
   * What to play.
   *
   * @param flagFile the file that the application reads its flags from, where they are in a file
   * @param backdated play the live part at once, as if it had ended now
   * @param ledger where to note the id of each acknowledged live event; null for nowhere
   */
  public record Plan(
      URI server,
      String key,
      TalkIncident.Kind kind,
      long seed,
      Path flagFile,
      String githubSecret,
      boolean history,
      boolean backdated,
      Duration live,
      @Nullable Path ledger) {}

  private final Plan plan;
  private final Flagging flagging;
  private final PrintStream out;
  private final Clock clock;

  /** A production whose flags are in the plan's file. */
  public Simulation(Plan plan, PrintStream out, Clock clock) {
    this(plan, new FlagsInFile(plan.flagFile()), out, clock);
  }

  /** A production whose flags are somewhere else. */
  public Simulation(Plan plan, Flagging flagging, PrintStream out, Clock clock) {
    this.plan = plan;
    this.flagging = flagging;
    this.out = out;
    this.clock = clock;
  }

  /** Where the simulated production has its flags. */
  public interface Flagging {

    /** Follows them as the application does; the simulation closes it. */
    FlagReader follow();

    /** What the release manager does with a flag that has nothing to do with the incident. */
    void rollOutDarkMode() throws IOException;
  }

  private record FlagsInFile(Path file) implements Flagging {
    @Override
    public FlagReader follow() {
      return Flags.followFile(file);
    }

    @Override
    public void rollOutDarkMode() throws IOException {
      FlagFileEdit.rollOut(file, "dark-mode", 50);
    }
  }

  /** Something that happens once, when its time has come. */
  private record Cue(Instant at, String says, Action action) {}

  /** What a cue does. */
  @FunctionalInterface
  private interface Action {
    void run() throws IOException;
  }

  /** Plays until the live part is over. */
  public void play() throws IOException, InterruptedException {
    Production production = Production.seeded(plan.seed());
    QueryApi api = new QueryApi(production, plan.seed());
    try (FlagReader flags = flagging.follow();
        ServerClient server = new ServerClient(plan.server(), plan.key())) {
      Serving serving = serving(flags);
      Instant now = clock.instant();
      if (plan.history()) {
        history(server, api, production, serving, plan.backdated() ? now.minus(plan.live()) : now);
      }
      Instant start = plan.backdated() ? now.minus(plan.live()) : clock.instant();
      TalkIncident incident = new TalkIncident(plan.kind(), plan.seed(), start);
      Tellings tellings = new Tellings(incident, server, plan.githubSecret());
      if (plan.history()) {
        tellings.innocents();
      }
      live(server, api, production, serving, incident, cues(incident, tellings));
    }
  }

  private void history(
      ServerClient server, QueryApi api, Production production, Serving serving, Instant end) {
    out.println("sending thirty quiet days, thin");
    TalkIncident incident = new TalkIncident(plan.kind(), plan.seed(), end);
    History history = new History(api, incident.earlierRollout(production), serving, plan.seed());
    long[] sent = {0, 0};
    history.play(
        end,
        BATCH,
        events -> {
          server.send(DATASET, events);
          sent[0] += events.size();
          sent[1] += events.stream().mapToLong(Sent::sampleRate).sum();
        });
    out.printf("sent %,d events that stand for %,d%n", sent[0], sent[1]);
  }

  private List<Cue> cues(TalkIncident incident, Tellings tellings) {
    List<Cue> cues = new ArrayList<>();
    cues.add(new Cue(incident.mergedAt(), "pull request 4127 is merged", tellings::merged));
    cues.add(new Cue(incident.builtAt(), "build 8812 has succeeded", tellings::built));
    cues.add(
        new Cue(
            incident.deployedAt(),
            "deploy of 8812 starts, one host every eight seconds",
            tellings::deployed));
    cues.add(
        new Cue(
            incident.darkModeAt(),
            "flag dark-mode goes from 5 % to 50 % of customers",
            () -> {
              if (!plan.backdated()) {
                flagging.rollOutDarkMode();
              }
            }));
    cues.add(new Cue(incident.faultAt(), incident.whatGoesWrong(), () -> {}));
    return cues;
  }

  private void live(
      ServerClient server,
      QueryApi api,
      Production production,
      Serving serving,
      TalkIncident incident,
      List<Cue> cues)
      throws IOException, InterruptedException {
    Rollout rollout = incident.rollout(production);
    Instant cursor = incident.start();
    Instant end = incident.start().plus(plan.live());
    int next = 0;
    try (Writer ledger = ledger()) {
      while (cursor.isBefore(end)) {
        Instant until = cursor.plusMillis(INTERVAL_MILLIS);
        Duration early = Duration.between(clock.instant(), until);
        if (early.isPositive()) {
          Thread.sleep(early);
        }
        while (next < cues.size() && !cues.get(next).at().isAfter(until)) {
          out.println(cues.get(next).says());
          cues.get(next++).action().run();
        }
        List<Sent> events =
            api.interval(cursor, INTERVAL_MILLIS, rollout, serving, incident.fault());
        server.send(DATASET, events);
        for (Sent event : events) {
          ledger.write(event.fields().get("trace.span_id") + "\n");
        }
        ledger.flush();
        cursor = until;
      }
    }
  }

  private Writer ledger() throws IOException {
    Path path = plan.ledger();
    return path == null
        ? Writer.nullWriter()
        : Files.newBufferedWriter(
            path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static Serving serving(FlagReader flags) {
    return (flag, customer) ->
        flags.serve(flag, "customer", customer.id(), attributes(customer)).variation();
  }

  private static Map<String, String> attributes(Customer customer) {
    return Map.of("beta", Boolean.toString(customer.beta()), "plan", customer.plan());
  }
}
