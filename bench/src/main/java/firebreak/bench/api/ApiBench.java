package firebreak.bench.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import firebreak.bench.accuracy.Result;
import firebreak.bench.store.Latencies;
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
  private static final int PULSE_MILLIS = 200;
  private static final int QUICK_PULSE_MILLIS = 10;
  private static final double HALF = 0.5;

  /** More than ten, so that it is ten times even where the senders fall behind a little. */
  private static final int TIMES = 12;

  private static final Shape OVERLOAD = new Shape(1_000, 128);
  private static final int NORMAL_CONNECTIONS = 8;
  private static final Duration NORMAL = Duration.ofSeconds(10);

  /** More requests a second than any machine so far has taken; so many are made beforehand. */
  private static final int MADE_PER_SECOND = 40;

  private static final double MIB = 1 << 20;

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
      out.println();
      sayLatencies("a webhook, while nothing else comes", pulse.told());
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
        good &= overload(service, time, compressed);
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

  private boolean overload(Service service, Duration overload, boolean compressed)
      throws IOException, InterruptedException {
    warmUp(service);
    Wire wire = Wire.OTLP_PROTOBUF;
    Body body = wire.body(OVERLOAD.events(), Instant.now());
    Bodies bodies = new Bodies(body, compressed, numbers);
    if (compressed) {
      long needed = 3 * NORMAL.toSeconds() + overload.toSeconds();
      bodies.madeBeforehand((int) needed * MADE_PER_SECOND);
    }
    new Load(service.port(), wire, bodies).flatOut(NORMAL_CONNECTIONS, NORMAL);
    Load able = new Load(service.port(), wire, bodies).flatOut(NORMAL_CONNECTIONS, NORMAL);
    Ledger ledger = new Ledger(service.port());
    long before = ledger.all();
    Load load = new Load(service.port(), wire, bodies);
    Pulse pulse = new Pulse(service.port(), PULSE_MILLIS);
    double ours = Service.seconds(ProcessHandle.current().info());
    double theirs = service.processorSeconds();
    try (pulse) {
      load.paced(TIMES * able.acceptedPerSecond(), OVERLOAD.connections(), overload);
    }
    ours = Service.seconds(ProcessHandle.current().info()) - ours;
    theirs = service.processorSeconds() - theirs;
    long after = service.isAlive() ? ledger.all() : 0;
    out.printf(
        Locale.ROOT,
        "%n%d s of %d times the %,.0f events/s that it took before, %s%s, %d events a request%n",
        overload.toSeconds(),
        TIMES,
        able.acceptedPerSecond() * OVERLOAD.events(),
        wire.title(),
        compressed ? " with gzip" : "",
        OVERLOAD.events());
    say(
        "requests offered, times what it took",
        load.requestsPerSecond() / able.acceptedPerSecond());
    say("events accepted a second", load.acceptedPerSecond() * OVERLOAD.events());
    say("requests accepted", load.accepted().size());
    load.refused().forEach((status, count) -> say("requests answered " + status, count));
    say("refusals without Retry-After", load.withoutRetryAfter());
    say("requests cut off without an answer", load.cut());
    sayLatencies("before, acknowledged", able.acknowledged());
    sayLatencies("acknowledged", load.acknowledged());
    sayLatencies("refused", load.turnedDown());
    sayLatencies("health answered", pulse.answered());
    sayLatencies("webhooks recorded", pulse.told());
    say("health or webhooks not answered", pulse.missed());
    say("processors busy for the service", theirs / overload.toSeconds());
    say("processors busy for those who send", ours / overload.toSeconds());
    if (!service.isAlive()) {
      out.println("  the service is dead");
      return false;
    }
    say("peak memory, MiB, mapped files included", service.residentPeak() / MIB);
    say("errors in its log", service.errors());
    Load again = new Load(service.port(), wire, bodies).flatOut(NORMAL_CONNECTIONS, NORMAL);
    say("after it, events accepted a second", again.acceptedPerSecond() * OVERLOAD.events());
    say(
        "requests offered, times what it took after it",
        load.requestsPerSecond() / again.acceptedPerSecond());
    sayLatencies("after it, acknowledged", again.acknowledged());
    List<Integer> accepted = new ArrayList<>(able.accepted());
    accepted.addAll(load.accepted());
    accepted.addAll(again.accepted());
    Ledger.Found found = ledger.find(accepted, OVERLOAD.events());
    say("webhooks recorded and lost", pulse.told().size() - (double) ledger.alerts());
    say("events accepted and lost", found.missing());
    say("events accepted and stored twice", found.repeated());
    say(
        "events stored of requests not answered 200",
        after - before - (double) load.accepted().size() * OVERLOAD.events());
    return found.missing() == 0
        && pulse.told().size() <= ledger.alerts()
        && found.repeated() == 0
        && load.withoutRetryAfter() == 0
        && !load.refused().isEmpty()
        && load.refused().keySet().stream().allMatch(ApiBench::isOverloaded);
  }

  private void sayLatencies(String what, Latencies latencies) {
    say(what + ", p50 ms", latencies.share(0.5));
    say(what + ", p99 ms", latencies.share(0.99));
  }

  private static boolean isOverloaded(int status) {
    return status == 429 || status == 503;
  }

  private void say(String figure, long count) {
    say(figure, (double) count);
  }

  private void say(String figure, double value) {
    out.printf(Locale.ROOT, "  %-44s %,14.2f%n", figure, value);
    results.add(Result.number("whole", figure, value));
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
