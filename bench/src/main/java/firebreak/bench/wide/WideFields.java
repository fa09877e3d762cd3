package firebreak.bench.wide;

import firebreak.bench.wide.WideField.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The 59 fields that each event has beside its time. */
final class WideFields {
  private static final Form TRUTH = new Form.Truth();
  private static final Form WHOLE = new Form.Whole();
  private static final Form THOUSANDTHS = new Form.Thousandths();
  private static final int PLANTED_PARTITIONS = 3;
  private static final int FIRST_PLANTED_PARTITION = 111;
  private static final double LONGEST_MS = WideEvents.SLOW_MS - 100;

  private final List<WideField> fields = new ArrayList<>();

  private WideFields() {}

  static List<WideField> list(long events) {
    WideFields list = new WideFields();
    list.places();
    list.changes();
    list.work();
    list.identities(events);
    list.truths();
    list.wholes();
    list.decimals();
    return List.copyOf(list.fields);
  }

  private void places() {
    words("service.name", Words.numbered("service-", 40), orIfPlanted(0, Words.zipf(40)));
    words("name", Words.names(), Words.zipf(120));
    words("environment", List.of("production", "staging", "canary"), skewed(3));
    words("region", Words.numbered("region-", 8), Words.zipf(8));
    words("zone", Words.numbered("az-", 24), Words.even(24));
    words("host", Words.hosts(300), Words.even(300));
    words("namespace", Words.numbered("ns-", 12), Words.zipf(12));
    words("pod", Words.pods(300), Words.even(300));
    words(
        "partition",
        Words.numbered("partition-", 300),
        m ->
            m.planted
                ? FIRST_PLANTED_PARTITION + m.dice.below(PLANTED_PARTITIONS)
                : m.dice.below(300));
  }

  private void changes() {
    words("build_id", Words.numbered("build-", WideEvents.BUILDS), m -> m.build);
    words("deploy_id", Words.numbered("deploy-", WideEvents.BUILDS), m -> m.build);
    words("team", Words.numbered("team-", 100), Words.zipf(100));
    words("plan", List.of("free", "pro", "enterprise", "trial", "internal"), Words.zipf(5));
  }

  private void work() {
    words("method", List.of("GET", "POST", "PUT", "DELETE", "PATCH"), Words.zipf(5));
    words("route", Words.routes(), Words.zipf(150));
    words(
        "span.kind",
        List.of("server", "client", "internal", "producer", "consumer"),
        Words.zipf(5));
    words("meta.signal_type", List.of("trace", "log"), skewed(2));
    words(
        "db.system",
        List.of("mysql", "postgresql", "redis", "kafka", "dynamodb", "s3"),
        where(m -> m.database, Words.zipf(6)));
    words(
        "db.operation",
        List.of(
            "SELECT", "INSERT", "UPDATE", "DELETE", "GET", "SET", "SCAN", "PUT", "FETCH", "COMMIT"),
        where(m -> m.database, Words.zipf(10)));
    words("exception.type", Words.numbered("error-", 40), where(m -> m.failed, Words.zipf(40)));
    words("topic", Words.numbered("topic-", 80), where(m -> m.number % 10 == 0, Words.zipf(80)));
    words("agent", Words.numbered("agent-", 30), Words.zipf(30));
    words("country", Words.numbered("cc-", 200), Words.zipf(200));
  }

  private void identities(long events) {
    int users = scaled(events, 540_000);
    long sessions = scaled(events, 1_000_000);
    add("trace.trace_id", new Form.Hex(32, 0x7261), Moment::trace);
    add("trace.span_id", new Form.Hex(16, 0x5350), m -> m.number);
    add("trace.parent_id", new Form.Hex(16, 0x5350), Moment::parent);
    add("user_id", new Form.Numbered("user-"), m -> m.dice.zipf(users));
    add(
        "session_id",
        new Form.Uuid(0x5345),
        m -> (m.number / 10 + m.dice.below((int) Math.min(1_000, sessions))) % sessions);
    add(
        "customer_id",
        new Form.Numbered("customer-"),
        orIfPlanted(WideEvents.FAULT_CUSTOMER, m -> m.dice.zipf(10_000)));
    add(
        "dataset_id",
        new Form.Numbered("dataset-"),
        orIfPlanted(WideEvents.FAULT_DATASET, m -> m.dice.below(40_000)));
    add("query_fp", new Form.Hex(16, 0x4650), m -> m.dice.zipf(100_000));
    add("url.path", new Form.Numbered("/datasets/"), m -> m.dice.zipf(5_000));
  }

  private void truths() {
    add("flag.fresh", TRUTH, m -> bit(m.planted || m.dice.chance(0.1)));
    add("error", TRUTH, m -> bit(m.failed));
    add("cache_hit", TRUTH, m -> bit(!m.planted && m.dice.chance(0.7)));
    add("is_root", TRUTH, m -> bit(m.isRoot()));
    add("retried", TRUTH, m -> bit(m.dice.chance(0.03)));
    add("internal", TRUTH, m -> bit(m.dice.chance(0.25)));
    add("flag.planner", TRUTH, m -> bit(m.dice.chance(0.5)));
  }

  private void wholes() {
    add("status_code", WHOLE, m -> m.failed ? 500 + m.dice.below(5) : status(m));
    add("request_bytes", WHOLE, m -> (long) m.aroundLogarithmically(900, 1.2));
    add("response_bytes", WHOLE, m -> (long) m.aroundLogarithmically(6_000, 1.6));
    add("scanned", WHOLE, m -> (long) m.aroundLogarithmically(50_000, 2.2));
    add("rows", WHOLE, m -> (long) m.aroundLogarithmically(40, 1.3));
    add("retries", WHOLE, m -> Long.numberOfTrailingZeros(m.dice.next()) / 3);
    add("queued", WHOLE, m -> (long) m.aroundLogarithmically(8, 0.9));
    add("thread.id", WHOLE, m -> 1 + m.dice.below(256));
    add("shards", WHOLE, m -> 1L << m.dice.below(7));
    add("uptime_s", WHOLE, m -> m.number * 86_400 / m.events + m.dice.below(300));
    add("columns", WHOLE, m -> 1 + m.dice.zipf(200));
  }

  private void decimals() {
    add("duration_ms", THOUSANDTHS, WideFields::duration);
    add("db_ms", THOUSANDTHS, where(m -> m.database, m -> micros(m, 12, 0.9)));
    add("queue_ms", THOUSANDTHS, m -> micros(m, 1.5, 1.1));
    add("encode_ms", THOUSANDTHS, m -> micros(m, 0.8, 0.7));
    add("network_ms", THOUSANDTHS, m -> micros(m, 3, 0.8));
    add("gc_ms", THOUSANDTHS, m -> micros(m, 0.2, 1.5));
    add("cpu_ms", THOUSANDTHS, m -> micros(m, 9, 0.8));
    add("memory_mb", THOUSANDTHS, m -> micros(m, 220, 0.4));
    add("load", THOUSANDTHS, m -> m.dice.below(8_000));
  }

  private static long duration(Moment m) {
    double millis =
        m.planted
            ? WideEvents.SLOW_MS + 0.001 + m.aroundLogarithmically(1_500, 0.6)
            : Math.min(LONGEST_MS, m.aroundLogarithmically(45, 0.8));
    return Math.round(millis * 1_000);
  }

  private static long micros(Moment m, double middle, double spread) {
    return Math.round(m.aroundLogarithmically(middle, spread) * 1_000);
  }

  private static long status(Moment m) {
    int draw = m.dice.below(100);
    return draw < 90 ? 200 : draw < 93 ? 201 : draw < 95 ? 204 : draw < 97 ? 304 : 400 + draw % 5;
  }

  private static long bit(boolean truth) {
    return truth ? 1 : 0;
  }

  /** Nineteen of twenty times the first, else one of the others. */
  private static Source skewed(int count) {
    return m -> m.dice.below(20) > 0 ? 0 : 1 + m.dice.below(count - 1);
  }

  private static Source where(Predicate<Moment> present, Source source) {
    return m -> present.test(m) ? source.draw(m) : Form.ABSENT;
  }

  private static Source orIfPlanted(long cell, Source source) {
    return m -> m.planted ? cell : source.draw(m);
  }

  /** How many of a thing there are among so many events, given how many among ten million. */
  private static int scaled(long events, int ofTenMillion) {
    return (int) Math.max(10, Math.min(Integer.MAX_VALUE / 2, events * ofTenMillion / 10_000_000));
  }

  private void words(String name, List<String> words, Source source) {
    add(name, Form.Word.of(words), source);
  }

  private void add(String name, Form form, Source source) {
    fields.add(new WideField(name, form, source));
  }
}
