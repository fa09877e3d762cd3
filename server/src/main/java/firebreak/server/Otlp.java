package firebreak.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import firebreak.eventstore.BatchKey;
import firebreak.eventstore.Durability;
import firebreak.eventstore.EventStore;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes exports of OpenTelemetry signals into the store, however they travelled. */
final class Otlp {
  private final EventStore store;
  private final InstantSource clock;
  private final AwaitedFlags awaited = new AwaitedFlags();

  /** The signals that are taken. */
  enum Signal {
    TRACES,
    LOGS,
    METRICS;

    Message.Builder newRequest() {
      return switch (this) {
        case TRACES -> ExportTraceServiceRequest.newBuilder();
        case LOGS -> ExportLogsServiceRequest.newBuilder();
        case METRICS -> ExportMetricsServiceRequest.newBuilder();
      };
    }

    Message parse(byte[] bytes) throws InvalidProtocolBufferException {
      return switch (this) {
        case TRACES -> ExportTraceServiceRequest.parseFrom(bytes);
        case LOGS -> ExportLogsServiceRequest.parseFrom(bytes);
        case METRICS -> ExportMetricsServiceRequest.parseFrom(bytes);
      };
    }
  }

  /**
   * How many spans, log records or data points were turned down, and the first reason.
   *
   * @param durability how safe the least safe of the others are
   */
  record Outcome(Signal signal, long rejected, String why, Durability durability) {
    Message response() {
      return switch (signal) {
        case TRACES -> {
          var response = ExportTraceServiceResponse.newBuilder();
          if (rejected > 0) {
            response.setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(rejected)
                    .setErrorMessage(why));
          }
          yield response.build();
        }
        case LOGS -> {
          var response = ExportLogsServiceResponse.newBuilder();
          if (rejected > 0) {
            response.setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(rejected)
                    .setErrorMessage(why));
          }
          yield response.build();
        }
        case METRICS -> {
          var response = ExportMetricsServiceResponse.newBuilder();
          if (rejected > 0) {
            response.setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder()
                    .setRejectedDataPoints(rejected)
                    .setErrorMessage(why));
          }
          yield response.build();
        }
      };
    }
  }

  Otlp(EventStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * Stores what the request carries.
   *
   * @param dataset where everything goes; null for the service's own
   * @param key what the sender names the request by
   */
  Outcome export(Signal signal, Message request, @Nullable String dataset, @Nullable BatchKey key) {
    OtlpEvents events = new OtlpEvents(clock.instant(), dataset, awaited);
    switch (signal) {
      case TRACES -> events.add((ExportTraceServiceRequest) request);
      case LOGS -> events.add((ExportLogsServiceRequest) request);
      case METRICS -> events.add((ExportMetricsServiceRequest) request);
    }
    Durability durability = Durability.DURABLE;
    for (OtlpPieces.Piece piece :
        OtlpPieces.of(events.byDataset(), Limits.APPEND_CHARS, Limits.EXPORT_CHARS)) {
      if (store.append(piece.dataset(), piece.events(), piece.key(key)) == Durability.FAST) {
        durability = Durability.FAST;
      }
    }
    return new Outcome(signal, events.rejected(), events.why(), durability);
  }
}
