package firebreak.bench.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was measured, as a table and as JSON. */
final class Report {
  private static final double MIB = 1 << 20;
  private static final double TEN_TIMES = 10;

  private final Settings settings;
  private final Peers peers;
  private final Map<String, Load> loads;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  Report(Settings settings, Peers peers, Map<String, Load> loads, PrintStream out) {
    this.settings = settings;
    this.peers = peers;
    this.loads = loads;
    this.out = out;
  }

  /** What is measured on what, how it was loaded, and the heading of the rows. */
  void begin() {
    out.printf("%n%,d events of 60 fields, seed %d%n", settings.events(), settings.seed());
    out.println(Machine.describe());
    out.printf("two threads each; medians of %d rounds, in turns%n", settings.rounds());
    for (Peer peer : peers.present()) {
      out.printf("  %-13s %s%n", peer.name(), about(peer));
    }
    peers.absent().forEach((name, why) -> out.printf("  %-13s is not here: %s%n", name, why));
    heading();
    add(ingest());
  }

  private Row ingest() {
    Map<String, Timing> timings = new LinkedHashMap<>();
    loads.forEach(
        (name, load) -> {
          if (!name.equals("duckdb_tuned")) {
            timings.put(name, load.timingFor(settings.events()));
            figures.add(new Figure("ingest, " + name, load.eventsPerSecond(), "events/s"));
            figures.add(new Figure("on disk, " + name, load.bytesPerEvent(), "bytes/event"));
          }
        });
    Load ours = loads.get(Row.OURS);
    if (ours != null) {
      figures.add(new Figure("restart after loading", ours.settleMillis(), "ms"));
      figures.add(new Figure("peak memory while loading", ours.residentPeak() / MIB, "MiB"));
      figures.add(new Figure("peak heap while loading", ours.heapPeak() / MIB, "MiB"));
    }
    return new Row("ingest", timings, Map.of());
  }

  private List<String> others() {
    List<String> others = new ArrayList<>(loads.keySet());
    others.remove(Row.OURS);
    return others;
  }

  private void heading() {
    StringBuilder heading =
        new StringBuilder(
            "%-20s %12s %9s %9s".formatted("question", "firebreak ms", "CPU ms", "first"));
    others().forEach(name -> heading.append("  %20s".formatted(name)));
    out.printf("%n%s%n", heading);
  }

  /** Prints a row as soon as it is known. */
  void add(Row row) {
    rows.add(row);
    StringBuilder line = new StringBuilder("%-20s ".formatted(row.question()));
    Timing ours = row.ours();
    line.append(
        ours == null
            ? "%12s %9s %9s".formatted("-", "", "")
            : "%12s %9s %9s"
                .formatted(
                    plain(ours.medianMillis()),
                    plain(ours.cpuMillis()),
                    plain(ours.firstMillis())));
    for (String name : others()) {
      line.append("  %20s".formatted(cell(row, name)));
    }
    out.println(line);
    row.notes().forEach((store, note) -> out.printf("    %s: %s%n", store, note));
  }

  /** What a BubbleUp takes beside finding the rows that it is about. */
  void addFindingApart() {
    Map<String, Timing> apart = new LinkedHashMap<>();
    Map<String, Timing> finding = timings(Question.SELECT);
    timings(Question.BUBBLEUP)
        .forEach(
            (name, whole) -> {
              Timing found = finding.get(name);
              if (found != null) {
                apart.put(name, whole.less(found));
              }
            });
    add(new Row("bubbleup less select", apart, Map.of()));
  }

  private Map<String, Timing> timings(Question question) {
    return rows.stream()
        .filter(row -> row.question().equals(question.title()))
        .findFirst()
        .map(Row::timings)
        .orElse(Map.of());
  }

  /** The single figures, after the rows. */
  void end(List<Figure> live) {
    figures.addAll(live);
    out.println();
    for (Question question : settings.asked()) {
      out.printf("  %-20s %s%n", question.title(), question.meaning());
    }
    out.println();
    for (Figure figure : figures) {
      out.printf("  %-36s %14s %s%n", figure.name(), plain(figure.value()), figure.unit());
    }
  }

  private String about(Peer peer) {
    return peer.events().count() == settings.events()
        ? peer.about()
        : "%s; %,d events only, times multiplied".formatted(peer.about(), peer.events().count());
  }

  /** The time of a peer, and how many times ours it is. */
  private static String cell(Row row, String name) {
    @Nullable Timing timing = row.timings().get(name);
    if (timing == null) {
      return "-";
    }
    @Nullable Double ratio = row.ratios().get(name);
    String times = ratio == null ? "" : "  %sx".formatted(plain(ratio));
    return plain(timing.medianMillis()) + times;
  }

  private static String plain(double value) {
    return Math.abs(value) < TEN_TIMES
        ? "%.2f".formatted(value)
        : Math.abs(value) < TEN_TIMES * TEN_TIMES
            ? "%.1f".formatted(value)
            : "%,.0f".formatted(value);
  }

  void writeJson() throws IOException {
    Path json = settings.json();
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), asMap());
    }
  }

  private Map<String, Object> asMap() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("bench", "store");
    report.put("machine", Machine.describe());
    report.put("command", settings.command());
    report.put("events", settings.events());
    report.put("rows", rows.stream().map(Report::asMap).toList());
    report.put("figures", figures);
    Map<String, String> stores = new LinkedHashMap<>();
    peers.present().forEach(peer -> stores.put(peer.name(), about(peer)));
    report.put("stores", stores);
    report.put("absent", peers.absent());
    return report;
  }

  private static Map<String, Object> asMap(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("question", row.question());
    Timing ours = row.ours();
    if (ours != null) {
      map.put("median_ms", ours.medianMillis());
      map.put("cpu_ms", ours.cpuMillis());
      map.put("first_ms", ours.firstMillis());
    }
    map.put("ratio", row.ratios());
    Map<String, Object> others = new LinkedHashMap<>();
    row.timings()
        .forEach(
            (peer, timing) ->
                others.put(
                    peer,
                    Map.of("median_ms", timing.medianMillis(), "cpu_ms", timing.cpuMillis())));
    map.put("stores", others);
    if (!row.notes().isEmpty()) {
      map.put("notes", row.notes());
    }
    return map;
  }
}
