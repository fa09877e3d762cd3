// An application that asks LaunchDarkly's SDK for flags within spans, with LaunchDarkly's own
// OpenTelemetry hook, so that its evaluations are events of the spans.
// Usage: node launchdarkly.mjs SERVER LAUNCHDARKLY SDK_KEY
import { basicLogger, init } from "@launchdarkly/node-server-sdk";
import { TracingHook } from "@launchdarkly/node-server-sdk-otel";
import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const [server, launchDarkly, key] = process.argv.slice(2);
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ "service.name": "js-flags" }),
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter({ url: `${server}/v1/traces` })),
  ],
});
provider.register();
const client = init(key, {
  baseUri: launchDarkly,
  streamUri: launchDarkly,
  eventsUri: launchDarkly,
  hooks: [new TracingHook({ includeValue: true })],
  logger: basicLogger({ level: "warn" }),
});
await client.waitForInitialization({ timeout: 20 });
const tracer = trace.getTracer("app");
for (const customer of ["retail", "nimbus"]) {
  await tracer.startActiveSpan("query", { attributes: { customer_id: customer } }, async (span) => {
    const who = { kind: "customer", key: customer };
    await client.variation("short-cache", who, false);
    await client.variation("button", who, "none");
    await client.variation("shards", who, 0);
    span.end();
  });
}
await provider.forceFlush();
await provider.shutdown();
await client.flush();
client.close();
