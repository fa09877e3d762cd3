package firebreak.bench.api;

import firebreak.bench.store.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjDoubleConsumer;

/**
 * More than ten times as much as the service takes: what it accepts, what it refuses and how,
 * whether it lives, and by query whether all that it accepted is there, once.
 */
final class Overload {
  /** More than ten, so that it is ten times even where the senders fall behind a little. */
  private static final int TIMES = 12;

  private static final Wire WIRE = Wire.OTLP_PROTOBUF;
  private static final int EVENTS = 1_000;
  private static final int CONNECTIONS = 128;
  private static final int NORMAL_CONNECTIONS = 8;
  private static final Duration NORMAL = Duration.ofSeconds(10);
  private static final int PULSE_MILLIS = 200;

  /** More requests a second than any machine so far has taken; so many are made beforehand. */
  private static final int MADE_PER_SECOND = 40;

  private static final double MIB = 1 << 20;

  private final Service service;
  private final Bodies bodies;
  private final ObjDoubleConsumer<String> figures;

  /**
   * @param compressed whether bodies are, with gzip, as OpenTelemetry's collector sends them
   * @param numbers gives each request its number
   * @param figures is told each figure
   */
  Overload(
      Service service,
      boolean compressed,
      AtomicInteger numbers,
      ObjDoubleConsumer<String> figures) {
    this.service = service;
    bodies = new Bodies(WIRE.body(EVENTS, Instant.now()), compressed, numbers);
    this.figures = figures;
  }

  /** How it is called in tables. */
  static String title(boolean compressed) {
    return "overload, %s%s, %,d a request"
        .formatted(WIRE.title(), compressed ? " with gzip" : "", EVENTS);
  }

  /** False where events were lost, or it has not refused or not survived. */
  boolean holds(Duration time) throws IOException, InterruptedException {
    if (bodies.compressed()) {
      long needed = 3 * NORMAL.toSeconds() + time.toSeconds();
      bodies.makeBeforehand((int) needed * MADE_PER_SECOND);
    }
    normal();
    Load before = normal();
    Ledger ledger = new Ledger(service.port());
    long stored = ledger.all();
    Load load = load();
    Pulse pulse = new Pulse(service.port(), PULSE_MILLIS);
    double ours = Service.seconds(ProcessHandle.current().info());
    double theirs = service.processorSeconds();
    try (pulse) {
      load.paced(TIMES * before.acceptedPerSecond(), CONNECTIONS, time);
    }
    say("before, events accepted a second", before.acceptedPerSecond() * EVENTS);
    sayLatencies("before, acknowledged", before.acknowledged());
    say("offered, times that", load.requestsPerSecond() / before.acceptedPerSecond());
    ours = Service.seconds(ProcessHandle.current().info()) - ours;
    say("processors busy for those who send", ours / time.toSeconds());
    say(
        "processors busy for the service",
        (service.processorSeconds() - theirs) / time.toSeconds());
    say(load, pulse);
    if (!service.isAlive()) {
      say("the service is dead", 1);
      return false;
    }
    long more = ledger.all() - stored;
    say("events stored of requests not accepted", more - (double) load.accepted().size() * EVENTS);
    return isAllThere(List.of(before, load, after(load)), pulse, ledger) && isRefusedWell(load);
  }

  private Load load() {
    return new Load(service.port(), WIRE, bodies);
  }

  private Load normal() throws InterruptedException {
    return load().flatOut(NORMAL_CONNECTIONS, NORMAL);
  }

  private void say(Load load, Pulse pulse) throws IOException {
    say("events accepted a second", load.acceptedPerSecond() * EVENTS);
    say("requests accepted", load.accepted().size());
    load.refused().forEach((status, count) -> say("requests answered " + status, count));
    say("refusals without Retry-After", load.withoutRetryAfter());
    say("requests cut off without an answer", load.cut());
    sayLatencies("acknowledged", load.acknowledged());
    sayLatencies("refused", load.turnedDown());
    sayLatencies("health answered", pulse.answered());
    sayLatencies("webhooks recorded", pulse.told());
    say("health or webhooks not answered", pulse.missed());
    say("peak memory, MiB, mapped files included", service.residentPeak() / MIB);
    say("errors in its log", service.errors());
  }

  private Load after(Load load) throws InterruptedException {
    Load after = normal();
    say("after it, events accepted a second", after.acceptedPerSecond() * EVENTS);
    sayLatencies("after it, acknowledged", after.acknowledged());
    say(
        "offered, times what is taken after it",
        load.requestsPerSecond() / after.acceptedPerSecond());
    return after;
  }

  private boolean isAllThere(List<Load> loads, Pulse pulse, Ledger ledger) throws IOException {
    List<Integer> accepted = new ArrayList<>();
    loads.forEach(load -> accepted.addAll(load.accepted()));
    Ledger.Found found = ledger.find(accepted, EVENTS);
    double webhooks = pulse.told().size() - (double) ledger.alerts();
    say("webhooks recorded and lost", webhooks);
    say("events accepted and lost", found.missing());
    say("events accepted and stored twice", found.repeated());
    return found.missing() == 0 && found.repeated() == 0 && webhooks <= 0;
  }

  private static boolean isRefusedWell(Load load) {
    return load.withoutRetryAfter() == 0
        && !load.refused().isEmpty()
        && load.refused().keySet().stream().allMatch(status -> status == 429 || status == 503);
  }

  private void sayLatencies(String what, Latencies latencies) {
    say(what + ", p50 ms", latencies.share(0.5));
    say(what + ", p99 ms", latencies.share(0.99));
  }

  private void say(String figure, long count) {
    say(figure, (double) count);
  }

  private void say(String figure, double value) {
    figures.accept(figure, value);
  }
}
