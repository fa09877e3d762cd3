package firebreak.bench.store;

import firebreak.bench.wide.WideEvents;
import firebreak.eventstore.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The figures in the questions, the same for every store. */
final class Workload {
  static final Duration BUCKET = Duration.ofMinutes(12);
  static final Instant END = WideEvents.START.plusMillis(WideEvents.SPAN_MILLIS);
  static final Instant FAULT_START =
      WideEvents.START.plusMillis(Math.round(WideEvents.SPAN_MILLIS * WideEvents.FAULT_FROM));
  static final int BUCKETS = (int) (WideEvents.SPAN_MILLIS / BUCKET.toMillis());
  static final long FIRST_BUCKET = WideEvents.START.toEpochMilli() / BUCKET.toMillis();
  static final String SERVICE = "service-0";
  static final int TOP_GROUPS = 100;
  static final int TOP_SERVICES = 10;
  static final int TOP_NAMES = 20;
  static final String NAME_PREFIX = "boards.";
  static final int FAILED_STATUS = 500;
  static final double QUICK_MS = 100;
  static final String OTHER_REGION = "region-0";

  /** A bound on durations that is worded anew each round, between the same two durations. */
  private static final double WORDING = 1e-7;

  /** The terms of the patterns: a field and the value it has. */
  record Term(String field, Object value) {}

  static final List<Term> TERMS =
      List.of(
          new Term("service.name", SERVICE),
          new Term("customer_id", "customer-" + WideEvents.FAULT_CUSTOMER),
          new Term("dataset_id", "dataset-" + WideEvents.FAULT_DATASET),
          new Term("build_id", "build-" + WideEvents.FAULT_BUILD),
          new Term("flag.fresh", true),
          new Term("partition", "partition-111"),
          new Term("region", OTHER_REGION),
          new Term("method", "GET"),
          new Term("cache_hit", false),
          new Term("plan", "free"));

  private final WideEvents events;

  Workload(WideEvents events) {
    this.events = events;
  }

  WideEvents events() {
    return events;
  }

  double slowMillis(int round) {
    return WideEvents.SLOW_MS + round * WORDING;
  }

  /** The whole day, and a bit of the day before, when nothing was. */
  TimeRange day(int round) {
    return new TimeRange(WideEvents.START.minusMillis(round), END);
  }

  /** Another trace each round, from all over the day. */
  String traceId(int round) {
    long number = (long) (events.count() * ((round * 0.618_034 + 0.37) % 1));
    return events.maker().text("trace.trace_id", number);
  }

  long havingCount() {
    return Math.max(10, events.count() / 1_000);
  }
}
