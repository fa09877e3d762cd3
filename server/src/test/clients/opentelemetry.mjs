// A small shop instrumented with OpenTelemetry's own SDK for JavaScript: one span over each of the
// three ways in (HTTP with JSON, HTTP with protobuf, gRPC), a log record and metrics.
// Usage: node opentelemetry.mjs SERVER
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const server = process.argv[2];
const resource = resourceFromAttributes({
  "service.name": "js-shop",
  "service.version": "build-7",
  "deployment.environment.name": "test",
});
const ways = {
  json: new JsonExporter({ url: `${server}/v1/traces` }),
  protobuf: new ProtobufExporter({ url: `${server}/v1/traces`, compression: "gzip" }),
  grpc: new GrpcExporter({ url: server }),
};

for (const [way, exporter] of Object.entries(ways)) {
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("shop", "2.1");
  const elsewhere = tracer.startSpan("elsewhere");
  const parent = tracer.startSpan("checkout", {
    kind: SpanKind.SERVER,
    attributes: { way, customer_id: "retail", items: 3, tags: ["a", "b"], total: 12.5 },
    links: [{ context: elsewhere.spanContext(), attributes: { why: "retry" } }],
  });
  const child = tracer.startSpan("charge", { kind: SpanKind.CLIENT, attributes: { way } },
    trace.setSpan(context.active(), parent));
  child.addEvent("declined", { code: 51 });
  child.recordException(new Error("card declined"));
  child.setStatus({ code: SpanStatusCode.ERROR, message: "no charge" });
  child.end();
  parent.end();
  elsewhere.end();
  await provider.forceFlush();
  await provider.shutdown();
}

const logs = new LoggerProvider({
  resource,
  processors: [
    new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${server}/v1/logs` }) }),
  ],
});
logs.getLogger("shop").emit({
  severityNumber: SeverityNumber.WARN,
  severityText: "WARN",
  body: "stock is low",
  attributes: { sku: "A-1", left: 2 },
});
await logs.forceFlush();
await logs.shutdown();

const reader = new PeriodicExportingMetricReader({
  exporter: new OTLPMetricExporter({ url: `${server}/v1/metrics` }),
  exportIntervalMillis: 3_600_000,
});
const metrics = new MeterProvider({ resource, readers: [reader] });
const meter = metrics.getMeter("shop");
meter.createCounter("orders").add(4, { region: "north" });
meter.createHistogram("payment").record(250, { region: "north" });
await metrics.shutdown();
