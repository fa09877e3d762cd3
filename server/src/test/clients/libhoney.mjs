// Events as Honeycomb's own client for JavaScript sends them; prints the status of each.
// Usage: node libhoney.mjs SERVER
import libhoney from "libhoney";

const Libhoney = libhoney.default ?? libhoney;
const EVENTS = 3;
const answers = [];
const client = new Libhoney({
  apiHost: process.argv[2],
  writeKey: "key",
  dataset: "js honey",
  sampleRate: 1,
  responseCallback: (responses) => answers.push(...responses),
});
for (let row = 0; row < EVENTS; row++) {
  client.sendNow({ customer_id: "retail", duration_ms: 12.5, row, nested: { deep: true } });
}
await client.flush();
for (const answer of answers) {
  console.log(answer.status_code ?? answer.error?.message ?? JSON.stringify(answer));
}
