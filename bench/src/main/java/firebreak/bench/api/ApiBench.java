package firebreak.bench.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.accuracy.Result;
import firebreak.bench.store.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The service over HTTP: events a second and how soon they are acknowledged, by the form and by the
 * size of requests; then ten times as much as it takes, and whether anything that it accepted is
 * lost. Senders and service share the machine.
 */
public final class ApiBench {
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration CELL = Duration.ofSeconds(5);
  private static final int QUICK_PULSE_MILLIS = 10;
  private static final double HALF = 0.5;

  private static final String WEBHOOK = "a webhook, while nothing else comes";

  /** Requests of one size, and how many connections send them at a time. */
  private record Shape(int events, int connections) {}

  private static final List<Shape> SHAPES =
      List.of(new Shape(1, 64), new Shape(100, 16), new Shape(1_000, 8));

  private final Path home;
  private final Path folder;
  private final @Nullable Path json;
  private final String command;
  private final PrintStream out;
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<Result> results = new ArrayList<>();

  /**
   * @param home the server's module, built
   * @param folder where the service's data lies meanwhile
   */
  public ApiBench(Path home, Path folder, @Nullable Path json, String command, PrintStream out) {
    this.home = home;
    this.folder = folder;
    this.json = json;
    this.command = command;
    this.out = out;
  }

  /** How much it takes, in each form; false where some was refused. */
  public boolean rates() throws IOException, InterruptedException {
    say();
    boolean good = true;
    try (Service service = Service.start(home, folder)) {
      warmUp(service);
      out.printf(
          Locale.ROOT,
          "%n%-16s %6s %8s %11s %11s %9s %9s %9s %9s%n",
          "form",
          "events",
          "bytes",
          "connections",
          "events/s",
          "p50 ms",
          "p99 ms",
          "half p50",
          "half p99");
      for (Shape shape : SHAPES) {
        for (Wire wire : Wire.values()) {
          good &= cell(service, wire, shape);
        }
      }
      Pulse pulse = new Pulse(service.port(), QUICK_PULSE_MILLIS);
      try (pulse) {
        Thread.sleep(CELL);
      }
      out.printf("%n%s%n", WEBHOOK);
      say(WEBHOOK, "recorded, p50 ms", pulse.told().share(0.5));
      say(WEBHOOK, "recorded, p99 ms", pulse.told().share(0.99));
      good &= pulse.missed() == 0;
    }
    return good;
  }

  /**
   * Too much for so long, of bodies as they are and of compressed ones; false where events were
   * lost, or it has not refused or not survived.
   */
  public boolean overload(Duration time) throws IOException, InterruptedException {
    say();
    boolean good = true;
    for (boolean compressed : List.of(true, false)) {
      try (Service service = Service.start(home, folder)) {
        warmUp(service);
        String table = Overload.title(compressed);
        out.printf("%n%s, for %d s%n", table, time.toSeconds());
        good &=
            new Overload(service, compressed, numbers, (figure, value) -> say(table, figure, value))
                .holds(time);
      }
    }
    return good;
  }

  private void say() {
    out.printf(
        "%s%nthe service has a heap of %s, and shares the processors with those who send%n",
        Machine.describe(), Service.HEAP);
  }

  private void warmUp(Service service) throws InterruptedException {
    for (Wire wire : Wire.values()) {
      load(service, wire, wire.body(100, Instant.now())).flatOut(8, WARM_UP);
    }
  }

  private Load load(Service service, Wire wire, Body body) {
    return new Load(service.port(), wire, new Bodies(body, false, numbers));
  }

  /** Flat out, then at half of that. */
  private boolean cell(Service service, Wire wire, Shape shape)
      throws IOException, InterruptedException {
    Body body = wire.body(shape.events(), Instant.now());
    Load full = load(service, wire, body).flatOut(shape.connections(), CELL);
    Load half =
        load(service, wire, body).paced(HALF * full.acceptedPerSecond(), shape.connections(), CELL);
    double rate = full.acceptedPerSecond() * shape.events();
    out.printf(
        Locale.ROOT,
        "%-16s %,6d %,8d %11d %,11.0f %9.2f %9.2f %9.2f %9.2f%n",
        wire.title(),
        shape.events(),
        body.bytes(),
        shape.connections(),
        rate,
        full.acknowledged().share(0.5),
        full.acknowledged().share(0.99),
        half.acknowledged().share(0.5),
        half.acknowledged().share(0.99));
    String table = "%s, %d a request".formatted(wire.title(), shape.events());
    results.add(Result.number(table, "events_per_second", rate));
    results.add(Result.number(table, "acknowledged_p50_ms", full.acknowledged().share(0.5)));
    results.add(Result.number(table, "acknowledged_p99_ms", full.acknowledged().share(0.99)));
    results.add(Result.number(table, "half_load_p50_ms", half.acknowledged().share(0.5)));
    results.add(Result.number(table, "half_load_p99_ms", half.acknowledged().share(0.99)));
    return full.refused().isEmpty() && full.cut() == 0;
  }

  private void say(String table, String figure, double value) {
    out.printf(Locale.ROOT, "  %-44s %,14.2f%n", figure, value);
    results.add(Result.number(table, figure, value));
  }

  /** Writes the figures where it was asked to. */
  public void write() throws IOException {
    if (json != null) {
      Map<String, Object> whole = new LinkedHashMap<>();
      whole.put("bench", "api");
      whole.put("machine", Machine.describe());
      whole.put("command", command);
      whole.put("rows", results.stream().map(Result::json).toList());
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), whole);
    }
  }
}
