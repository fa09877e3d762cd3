package firebreak.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import firebreak.flags.FlagState;
import firebreak.flags.FlagSwitch;
import firebreak.flags.Flags;
import firebreak.sim.fleet.Detail;
import firebreak.sim.fleet.Fleet;
import firebreak.sim.fleet.FleetEvent;
import firebreak.sim.fleet.Kind;
import firebreak.sim.fleet.Notice;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fleet sends over HTTP is what it is in process. */
class FleetSimulationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PER_MINUTE = 600;
  private static final int HOURS = 2;
  private static final Instant NOW = Instant.parse("2026-03-02T14:00:07Z");
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  @TempDir Path folder;
  private Path file;
  private RecordingServer server;

  @BeforeEach
  void open() throws IOException {
    file = Files.writeString(folder.resolve("flags.json"), "{\"flags\": {}}");
    server = new RecordingServer();
    server.flags = () -> Flags.file(file).keys().stream().map(key -> Map.of("key", key)).toList();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private FleetSimulation backdated(Kind kind, long seed, int minutes) {
    return simulation(kind, seed, HOURS, true, minutes, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private FleetSimulation simulation(
      Kind kind, long seed, int hours, boolean backdated, int minutes, Clock clock) {
    Duration live = Duration.ofMinutes(minutes);
    return new FleetSimulation(
        new FleetSimulation.Plan(
            server.uri(), "", kind, seed, file, PER_MINUTE, hours, backdated, live),
        NOWHERE,
        clock);
  }

  private static Fleet inProcess(FleetSimulation simulation) {
    Fleet fleet = simulation.fleet();
    return Fleet.of(fleet.kind(), fleet.seed(), PER_MINUTE, fleet.at(0));
  }

  private static String text(FleetEvent event) {
    try {
      return event.time()
          + " "
          + event.sampleRate()
          + " "
          + JSON.writeValueAsString(event.fields());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(JsonNode sent) {
    return sent.path("time").asText() + " " + sent.path("samplerate") + " " + sent.path("data");
  }

  private static List<String> texts(List<FleetEvent> events) {
    return events.stream().map(FleetSimulationTest::text).sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({"FLAG_PARTIAL, 5", "TELEMETRY_LOSS, 3"})
  void sendsWhatThereIsInProcess(Kind kind, long seed) throws Exception {
    FleetSimulation simulation = backdated(kind, seed, 2);
    simulation.play();

    Duration since = Duration.between(simulation.end(), NOW);
    assertTrue(!since.isNegative() && since.toSeconds() < 10, "ended " + since + " ago");
    Fleet fleet = inProcess(simulation);
    assertTheEventsAreSentMinuteByMinute(fleet);
    assertEachNoticeThatHasArrivedIsToldInThatOrder(fleet, simulation.end());
  }

  private void assertTheEventsAreSentMinuteByMinute(Fleet fleet) {
    Detail detail = new Detail(-5, Fleet.END_MINUTE);
    int from = 0;
    for (int minute = -60 * HOURS; minute < 2; minute++) {
      List<String> expected = texts(detail.events(fleet, minute));
      List<JsonNode> sent = server.events.subList(from, from + expected.size());
      assertEquals(
          expected,
          sent.stream().map(FleetSimulationTest::text).sorted().toList(),
          "seed " + fleet.seed() + ", minute " + minute);
      List<Instant> times =
          sent.stream().map(event -> Instant.parse(event.path("time").asText())).toList();
      assertEquals(times.stream().sorted().toList(), times);
      from += expected.size();
    }
    assertEquals(from, server.events.size());
  }

  private void assertEachNoticeThatHasArrivedIsToldInThatOrder(Fleet fleet, Instant end) {
    List<Notice> arrived =
        fleet.notices().stream().filter(notice -> !notice.arrives().isAfter(end)).toList();
    List<String> expected =
        arrived.stream()
            .map(notice -> notice.type() + " " + notice.subject() + " " + seconds(notice.time()))
            .toList();
    List<String> told = server.facts.stream().map(FleetSimulationTest::told).toList();
    assertEquals(expected, told);
    assertTheLastFenceIsThatOfTheFile(fleet.flags(end), arrived);
  }

  private static String told(RecordingServer.Sent sent) {
    JsonNode body = sent.body();
    return switch (sent.path()) {
      case "/api/v1/deploys" -> "DEPLOY " + body.path("build_id").asText() + " " + time(body);
      case "/api/v1/flag-changes" -> "FLAG " + body.path("flag").asText() + " " + time(body);
      case "/1/markers/orders-api" ->
          "MARKER " + body.path("message").asText() + " " + body.path("start_time").asLong();
      default -> throw new AssertionError(sent);
    };
  }

  private static long time(JsonNode body) {
    return seconds(Instant.parse(body.path("time").asText()));
  }

  /** A marker's time is told in whole seconds. */
  private static long seconds(Instant time) {
    return time.getEpochSecond();
  }

  /** So that the server knows a flag that nobody has touched from one that somebody has. */
  private void assertTheLastFenceIsThatOfTheFile(List<FlagState> last, List<Notice> arrived) {
    FlagSwitch flags = Flags.file(file);
    int compared = 0;
    for (int i = 0; i < arrived.size(); i++) {
      Notice notice = arrived.get(i);
      if (isLast(last, notice)) {
        String fence = flags.read(notice.subject()).orElseThrow().fence();
        assertEquals(fence, server.facts.get(i).body().path("version").asText(), notice.id());
        compared++;
      }
    }
    assertTrue(compared >= 2, "compared " + compared);
  }

  private static boolean isLast(List<FlagState> last, Notice notice) {
    return last.stream()
        .anyMatch(
            flag -> flag.key().equals(notice.subject()) && flag.fence().equals(notice.fence()));
  }

  /** LaunchDarkly's SDK, which reads the file, serves what the fleet serves by itself. */
  @Test
  void playedLiveItIsTheSameWhereNobodyTurnsAFlag() throws Exception {
    FleetSimulation live =
        simulation(Kind.REGIONAL_OUTAGE, 8, 0, false, 1, new FirstThen(NOW, NOW.plusSeconds(99)));
    Fleet fleet = inProcess(live);
    assertEquals(versions(fleet.flags(fleet.at(0))), versions(fleet.flags(fleet.at(1))));
    live.play();

    List<String> expected = texts(fleet.events(0, 1));
    List<String> sent = server.events.stream().map(FleetSimulationTest::text).sorted().toList();
    assertEquals(expected, sent);
  }

  private static List<String> versions(List<FlagState> flags) {
    return flags.stream().map(flag -> flag.key() + " " + flag.fence()).toList();
  }

  /** A clock that says one thing when first asked and another ever after. */
  private static final class FirstThen extends Clock {
    private final Instant first;
    private final Instant then;
    private boolean isAsked;

    FirstThen(Instant first, Instant then) {
      this.first = first;
      this.then = then;
    }

    @Override
    public Instant instant() {
      Instant now = isAsked ? then : first;
      isAsked = true;
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  @Test
  void refusesAServerThatWouldSeeNoBurn() {
    server.slos = "{\"slos\": [{\"id\": \"a\", \"dataset\": \"query-api\"}]}";
    assertRefused("has no objective for the dataset orders-api");
  }

  @Test
  void refusesAServerThatHasEventsOfTheseHours() {
    server.history = server.history.replace(": 0}", ": 7}");
    assertRefused("has events of orders-api from 2026-03-02T00:00:00Z already");
  }

  @Test
  void saysThatNobodyAnswers() {
    URI away = server.uri();
    server.close();
    assertRefused("nobody answers at " + away);
  }

  @Test
  void refusesAServerThatReadsOtherFlags() {
    server.flags = List::of;
    assertRefused("does not read its flags from " + file);
  }

  private void assertRefused(String why) {
    ServerTrouble trouble =
        assertThrows(ServerTrouble.class, () -> backdated(Kind.BUILD, 1, 1).play());
    assertTrue(String.valueOf(trouble.getMessage()).contains(why), trouble.getMessage());
    assertEquals(List.of(), server.events);
    assertEquals(List.of(), server.facts);
  }
}
