package firebreak.server;

import firebreak.eventstore.Event;
import firebreak.eventstore.FieldMap;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The events of one OTLP request, by dataset, and how many were turned down. */
final class OtlpEvents {
  private static final String UNKNOWN_SERVICE = "unknown_service";

  private final Instant now;
  private final @Nullable String dataset;
  private final AwaitedFlags awaited;
  private final Map<String, List<Event>> byDataset = new LinkedHashMap<>();
  private long fieldsLeft;
  private long rejected;
  private String why = "";

  OtlpEvents(Instant now, @Nullable String dataset, AwaitedFlags awaited) {
    this.now = now;
    this.dataset = dataset;
    this.awaited = awaited;
  }

  void add(ExportTraceServiceRequest request) {
    fieldsLeft = Limits.exportFields(request.getSerializedSize());
    for (var resource : request.getResourceSpansList()) {
      String target = dataset(resource.getResource());
      for (var scope : resource.getScopeSpansList()) {
        FieldMap shared = shared(resource.getResource(), scope.getScope());
        OtlpSpans spans = new OtlpSpans(now, shared, awaited);
        for (var span : scope.getSpansList()) {
          // Before they are made: one span may have as many events as the request has room for.
          check(shared.size() * (1L + span.getEventsCount() + span.getLinksCount()));
          add(target, () -> spans.events(span));
        }
      }
    }
  }

  void add(ExportLogsServiceRequest request) {
    fieldsLeft = Limits.exportFields(request.getSerializedSize());
    for (var resource : request.getResourceLogsList()) {
      String target = dataset(resource.getResource());
      for (var scope : resource.getScopeLogsList()) {
        OtlpLogs logs =
            new OtlpLogs(now, shared(resource.getResource(), scope.getScope()), awaited);
        for (var log : scope.getLogRecordsList()) {
          add(target, () -> List.of(logs.event(log)));
        }
      }
    }
  }

  void add(ExportMetricsServiceRequest request) {
    fieldsLeft = Limits.exportFields(request.getSerializedSize());
    for (var resource : request.getResourceMetricsList()) {
      String target = dataset(resource.getResource());
      for (var scope : resource.getScopeMetricsList()) {
        FieldMap shared = shared(resource.getResource(), scope.getScope());
        OtlpMetrics metrics = new OtlpMetrics(now, shared);
        for (var metric : scope.getMetricsList()) {
          if (metric.getDataCase() == Metric.DataCase.DATA_NOT_SET) {
            reject("metric %s is of no kind that is known here".formatted(metric.getName()));
          }
          for (MetricPoint point : MetricPoint.of(metric)) {
            take(shared.size());
            attempt(target, () -> metrics.add(point));
          }
        }
        List<Event> made = metrics.events();
        if (!made.isEmpty()) {
          events(target).addAll(made);
        }
      }
    }
  }

  Map<String, List<Event>> byDataset() {
    return byDataset;
  }

  long rejected() {
    return rejected;
  }

  /** Why the first one was turned down; empty when none was. */
  String why() {
    return why;
  }

  private void add(String target, Supplier<List<Event>> making) {
    attempt(
        target,
        () -> {
          List<Event> made = making.get();
          made.forEach(event -> take(event.fields().size()));
          events(target).addAll(made);
        });
  }

  /** Takes one span, log record or data point whole, or counts it as turned down. */
  private void attempt(String target, Runnable taking) {
    try {
      Datasets.checked(target);
      taking.run();
    } catch (IllegalArgumentException e) {
      reject(String.valueOf(e.getMessage()));
    }
  }

  private void reject(String reason) {
    rejected++;
    if (why.isEmpty()) {
      why = reason;
    }
  }

  /** Counts fields of new events against what a request of that length may make. */
  private void take(int fields) {
    check(fields);
    fieldsLeft -= fields;
  }

  private void check(long fields) {
    if (fields > fieldsLeft) {
      throw new Refusal(
          413,
          "the attributes that its resources share make this request too many times larger; send"
              + " fewer spans, log records or data points at a time");
    }
  }

  private List<Event> events(String target) {
    return byDataset.computeIfAbsent(target, _ -> new ArrayList<>());
  }

  /** The service's name; all the names that SDKs make up for an unnamed one count as one. */
  private String dataset(Resource resource) {
    if (dataset != null) {
      return dataset;
    }
    for (KeyValue attribute : resource.getAttributesList()) {
      if (attribute.getKey().equals("service.name")) {
        String name = attribute.getValue().getStringValue().strip();
        return name.isEmpty() || name.startsWith(UNKNOWN_SERVICE) ? UNKNOWN_SERVICE : name;
      }
    }
    return UNKNOWN_SERVICE;
  }

  /** The fields that all spans of a scope share. */
  private static FieldMap shared(Resource resource, InstrumentationScope scope) {
    Fields fields = new Fields();
    OtlpAttributes.put(fields, resource.getAttributesList());
    OtlpAttributes.put(fields, scope.getAttributesList());
    fields.putText("library.name", scope.getName());
    fields.putText("library.version", scope.getVersion());
    return fields.values();
  }
}
