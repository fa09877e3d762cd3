package firebreak.sim.fleet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an event: what the request is, what its flags serve, and 20 to 60 that say nothing:
 * constants, ids, copies of others, numbers, fields that few have or that a new build brings along.
 */
final class Columns {
  private static final List<String> WORDS =
      List.of(
          "cache", "queue", "shard", "auth", "proxy", "retry", "batch", "pool", "token", "quota",
          "index", "worker", "tenant", "render", "parser", "stream", "socket", "lease");
  private static final List<String> PARTS =
      List.of("mode", "tier", "size", "state", "class", "hits", "id", "kind", "level", "group");

  /** A field's value in a request; null where it has none. */
  @FunctionalInterface
  private interface Column {
    @Nullable Object of(Request request);
  }

  private final List<String> names = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final Script script;

  Columns(Script script, long seed) {
    this.script = script;
    SplittableRandom random = Dice.of(seed, 3);
    request();
    for (Flag flag : script.flags.values()) {
      column(
          "flag." + flag.key(),
          r -> flag.variations().get(flag.serves(r.customer(), r.user, r.millis)));
    }
    if (random.nextDouble() < 0.3) {
      column("error", r -> r.failed && !r.slow);
    }
    int noise = random.nextInt(20, 61);
    for (int i = 0; i < noise; i++) {
      noise(i, random);
    }
  }

  private void column(String name, Column column) {
    names.add(name);
    columns.add(column);
  }

  private void request() {
    column("name", r -> r.endpoint().name());
    column("http.route", r -> r.endpoint().name());
    column("http.method", r -> r.endpoint().method());
    column("service.name", _ -> World.SERVICE);
    column("deployment.environment.name", _ -> "production");
    column("build_id", Request::build);
    column("host.name", r -> r.host().name());
    column("region", r -> r.host().regionName());
    column("zone", r -> r.host().zone());
    column("customer_id", r -> r.customer().id());
    column("user_id", r -> Flag.userId(r.customer(), r.user));
    column("customer.plan", r -> r.customer().plan());
    column("customer.beta", r -> Boolean.toString(r.customer().beta()));
    column("platform", r -> r.customer().platform());
    column("sdk.version", r -> r.customer().sdk());
    column("app.version", r -> r.customer().app());
    column("partition", r -> (long) r.partition());
    column("duration_ms", r -> Math.rint(r.durationMs * 1_000) / 1_000);
    column("status_code", r -> r.failed && !r.slow ? 503L : r.salt % 50 == 0 ? 404L : 200L);
    column("trace.trace_id", r -> Long.toHexString(Dice.mix(r.salt, 91)));
    column("trace.span_id", r -> Long.toHexString(r.salt));
  }

  private void noise(int i, SplittableRandom random) {
    String name =
        WORDS.get(i % WORDS.size()) + "." + PARTS.get(random.nextInt(PARTS.size())) + "_" + i;
    int use = 100 + i;
    switch (random.nextInt(10)) {
      case 0 -> column(name, constant("v" + random.nextInt(9)));
      case 1 -> column(name, r -> Long.toHexString(Dice.mix(r.salt, use)));
      case 2 -> column(name, copy(random));
      case 3, 4, 5 -> column(name, words(name, use, random.nextInt(2, 13), 1));
      case 6 ->
          column(name, words(name, use, random.nextInt(2, 6), Dice.uniform(0.02, 0.4, random)));
      case 7 -> column(name, r -> (long) (1_000 * -Math.log(1 - Traffic.unit(r.salt, use))));
      case 8 -> column(name, r -> r.customer().slow() * (1 + Traffic.unit(r.salt, use)));
      default -> column(name, ofNewBuild(use));
    }
  }

  private static Column constant(String value) {
    return _ -> value;
  }

  /** Another name for what another field says. */
  private Column copy(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> renamed("i-", r -> r.host().name());
      case 1 -> renamed("dc-", r -> r.host().regionName());
      case 2 -> renamed("sha-", Request::build);
      case 3 -> renamed("seg-", r -> r.customer().plan());
      default -> renamed("acct-", r -> r.customer().id());
    };
  }

  private static Column renamed(String prefix, Function<Request, String> of) {
    Map<String, String> known = new java.util.HashMap<>();
    return r -> known.computeIfAbsent(of.apply(r), value -> prefix + value);
  }

  /** Some words, the first much commoner than the last, present in a share of the requests. */
  private static Column words(String name, int use, int count, double present) {
    List<String> words = IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
    return r -> {
      double at = Traffic.unit(r.salt, use) / present;
      return at < 1 ? words.get((int) (count * at * at)) : null;
    };
  }

  /** A field that the newest build brings along. */
  private Column ofNewBuild(int use) {
    List<String> words = List.of("warm", "cold", "hot");
    return r ->
        r.build().equals(script.builds.newest())
            ? words.get((int) (3 * Traffic.unit(r.salt, use)))
            : null;
  }

  /** Some of the fields. */
  final class Shown {
    private final List<String> shown = new ArrayList<>();
    private final List<Column> of = new ArrayList<>();

    private Shown(Predicate<String> isShown) {
      for (int i = 0; i < names.size(); i++) {
        if (isShown.test(names.get(i))) {
          shown.add(names.get(i));
          of.add(columns.get(i));
        }
      }
    }

    FleetEvent event(Request request, int sampleRate) {
      @Nullable Object[] values = new @Nullable Object[of.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = of.get(i).of(request);
      }
      return new FleetEvent(Instant.ofEpochMilli(reported(request)), sampleRate, shown, values);
    }
  }

  Shown shown(Predicate<String> isShown) {
    return new Shown(isShown);
  }

  /** When the host's clock says it was. */
  long reported(Request request) {
    return script.telemetry.isBroken(request)
        ? request.millis + script.telemetry.skewMillis()
        : request.millis;
  }
}
