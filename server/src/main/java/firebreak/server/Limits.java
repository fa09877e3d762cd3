package firebreak.server;

import java.time.Duration;

/** What the HTTP edge takes at most. */
final class Limits {
  static final int BODY_BYTES = 20 << 20;

  /** As OTLP recommends it; less where there is little memory, since an event takes more of it. */
  static final int OTLP_BODY_BYTES =
      Math.clamp(Runtime.getRuntime().maxMemory() / 24, BODY_BYTES, 64 << 20);

  /** Characters of the events of one OTLP request, each with what its resource shares. */
  static final long EXPORT_CHARS = 4L * OTLP_BODY_BYTES;

  /** So many of them are appended at a time: a character takes three bytes at most. */
  static final long APPEND_CHARS = firebreak.eventstore.Limits.APPEND_BYTES / 4;

  /** Bytes of request bodies held at one time, over all requests, as sent and as decoded. */
  static final long BODY_BYTES_IN_FLIGHT =
      Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  /** So much of a body comes at once: what is read from a socket in one go. */
  static final int BODY_PART_BYTES = 64 << 10;

  static final int HEADER_BYTES = 16 << 10;

  /** A third more bytes than at the usual level, in less than half of the time. */
  static final int COMPRESSION_LEVEL = 1;

  static final int BATCH_EVENTS = 50_000;

  /** Objects nested deeper than this are kept as JSON text. */
  static final int FLATTEN_DEPTH = 10;

  /** JSON and MessagePack nested deeper than this are refused. */
  static final int NESTING_DEPTH = 100;

  static final int DATASET_NAME_BYTES = 255;

  /** Spans for which flags are remembered that log records told of. */
  static final int SPANS_AWAITED = 100_000;

  /** Characters of all the flags so remembered, names and variations. */
  static final long AWAITED_FLAGS_CHARS = 16 << 20;

  /** Events of one trace that are shown: spans, span events, links and log records. */
  static final int TRACE_EVENTS = 10_000;

  /** Events that one question for events themselves may ask for. */
  static final int EVENTS_SHOWN = 1_000;

  /** Characters of the fields of one trace, or of one answer with events, that are shown. */
  static final long TRACE_CHARS = 32 << 20;

  /** Requests of one key about objectives, burn alerts, recipients, annotations and boards. */
  static final int SETUP_REQUESTS_PER_MINUTE = 300;

  /** Requests with events, those that wait among them. */
  static final int INGEST_REQUESTS = 256;

  /** While so many bytes of requests with events are decoded and stored, no other is begun. */
  static final long INGEST_BYTES_AT_WORK =
      Math.min(
          Runtime.getRuntime().maxMemory() / 64,
          Runtime.getRuntime().availableProcessors() * (2L << 20));

  /** While a request with events has waited so long, no other gets into the line. */
  static final Duration INGEST_WAIT_USUAL = Duration.ofMillis(250);

  /** So long a request with events waits at most. */
  static final Duration INGEST_WAIT = Duration.ofSeconds(1);

  /** Builds, deploys, webhooks and markers: they come in however many events there are. */
  static final int FACT_REQUESTS = 64;

  static final int QUERY_REQUESTS = 64;
  static final int UPSTREAM_REQUESTS = 64;

  static final int CONNECTIONS = 4_096;
  static final int CONNECTIONS_PER_ADDRESS = 256;
  static final Duration FIRST_HEADER_TIME = Duration.ofSeconds(10);
  static final Duration BODY_TIME = Duration.ofSeconds(30);
  static final Duration IDLE_TIME = Duration.ofSeconds(60);

  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final int EXPORT_FIELDS = 100_000;
  private static final int EXPORT_FIELDS_PER_BYTE = 2;

  private Limits() {}

  /**
   * Fields that the events of an OTLP request of so many bytes may have together. Every span has
   * the attributes of its resource, which the request holds but once: without a limit, a few
   * megabytes could become more events than any memory has room for.
   */
  static long exportFields(int bytes) {
    return EXPORT_FIELDS + (long) EXPORT_FIELDS_PER_BYTE * bytes;
  }
}
