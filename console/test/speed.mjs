// Measures what a person waits for, in Chromium, against a real server that has events of the demo:
//   node test/speed.mjs <base-url> [--rounds 20] [--events 10000000]
// It sends a trace of 10,000 spans first and, if asked to, so many wide events of the last day: sixty
// fields, one of a hundred customers slow on one build since the last tenth of it. The heatmap is of
// these then; --sent says that they are there already. Prints the median and the 95th percentile of
// each, and how much of it the server took until its answer began and until it was whole.
import { needChromium, open } from "./chromium.mjs";

const [base, ...options] = process.argv.slice(2);
if (!base) {
  console.error("usage: node test/speed.mjs <base-url> [--rounds 20] [--events 10000000]");
  process.exit(2);
}
needChromium();
const rounds = options.includes("--rounds") ? Number(options[options.indexOf("--rounds") + 1]) : 20;
const SPANS = 10_000;
const { page, close } = await open({ wait: 60_000 });

const trace = "5eed".repeat(8);
const start = Date.now() - 60_000;
const spans = Array.from({ length: SPANS }, (_, id) => ({
  time: new Date(start + id).toISOString(),
  data: { name: `step ${id % 40}`, duration_ms: 5 + (id * 7) % 300, "trace.trace_id": trace, "trace.span_id": `s${id}`, ...(id ? { "trace.parent_id": `s${Math.floor((id - 1) / 6)}` } : {}) },
}));
const sent = await fetch(`${base}/1/batch/speed`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(spans) });
if (!sent.ok) throw new Error(`the spans were not taken: ${sent.status}`);

const many = options.includes("--events") ? Number(options[options.indexOf("--events") + 1]) : 0;
const DAY = 86_400_000;
const BATCH = 5_000;
const AT_ONCE = 3;
const LARGE = "speed-large";
const SETTLING_MS = 300_000;
const SETTLING_STEP_MS = 10_000;

/** A seeded sequence, so that each run sends the same events. */
function dice(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** One batch as JSON text: put together by hand, since the sender must not be what is measured. */
function batch(from, until, first) {
  const roll = dice(first + 1);
  return `[${Array.from({ length: until - first }, (_, index) => {
    const time = from + ((first + index) / many) * DAY;
    const customer = roll(100);
    const late = first + index > many * 0.9;
    const build = late && roll(2) === 0 ? "8812" : "8811";
    const slow = build === "8812" && customer === 7;
    const rest = Array.from({ length: 50 }, (_, field) => `"app.f${field}":${field % 3 === 0 ? roll(1000) : `"v${roll(field % 3 === 1 ? 8 : 60)}"`}`).join(",");
    return `{"time":"${new Date(time).toISOString()}","data":{"name":"query","duration_ms":${slow ? 2000 + roll(6000) : 5 + roll(40) * (1 + roll(8))},"customer_id":"c${customer}","build_id":"${build}","host.name":"h${roll(12)}","region":"r${roll(4)}","status":${roll(200) === 0 ? 500 : 200},"error":${roll(300) === 0},"user_id":"u${roll(5000)}","trace.trace_id":"t${first + index}",${rest}}}`;
  }).join(",")}]`;
}

if (many > 0 && !options.includes("--sent")) {
  const begun = performance.now();
  const from = Date.now() - DAY;
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < many) {
      const first = next;
      next = Math.min(many, next + BATCH);
      for (;;) {
        const answer = await fetch(`${base}/1/batch/${LARGE}`, { method: "POST", headers: { "content-type": "application/json" }, body: batch(from, Math.min(many, first + BATCH), first) });
        if (answer.ok) break;
        if (answer.status !== 429 && answer.status !== 503) throw new Error(`the events were not taken: ${answer.status}`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }));
  console.log(`${many} events sent in ${Math.round((performance.now() - begun) / 1000)} s`);
  await settled();
}

/** What came in is written and merged: the store looks the same twice. */
async function settled() {
  let before = "";
  for (let left = SETTLING_MS / SETTLING_STEP_MS; left > 0; left--) {
    const { events, parts, part_bytes } = await (await fetch(`${base}/api/v1/store`)).json();
    const now = JSON.stringify({ events, parts, part_bytes });
    if (now === before) return console.log(`the store has settled: ${now}`);
    before = now;
    await new Promise((resolve) => setTimeout(resolve, SETTLING_STEP_MS));
  }
  console.log("the store has not settled");
}

const { incidents, slos } = { ...(await (await fetch(`${base}/api/v1/incidents`)).json()), ...(await (await fetch(`${base}/api/v1/slos`)).json()) };
const dataset = many > 0 ? LARGE : (incidents[0]?.dataset ?? slos[0].dataset);
const until = many > 0 ? Date.now() : Date.parse(incidents[0]?.burn_began_at ?? new Date()) + 300_000;
const question = { dataset, calculations: [{ op: "HEATMAP", column: "duration_ms" }], span: { since: until - (many > 0 ? DAY : 1_200_000), until } };

function told(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  console.log(`${what.padEnd(58)} median ${at(0.5).padStart(5)} ms   p95 ${at(0.95).padStart(5)} ms   of ${sorted.length}`);
}

/** The time of each round but the first, which warms up; of the request, where one is named. */
async function timed(what, many, action, path) {
  const times = [];
  const began = [];
  const whole = [];
  for (let round = 0; round <= many; round++) {
    await page.evaluate(() => performance.clearResourceTimings()).catch(() => undefined);
    const time = await action();
    if (round === 0) continue;
    times.push(time);
    const request = path && (await page.evaluate((wanted) => {
      const { startTime, responseStart, responseEnd } = performance.getEntriesByType("resource").findLast((each) => each.name.includes(wanted));
      return { began: responseStart - startTime, whole: responseEnd - startTime };
    }, path));
    if (request) {
      began.push(request.began);
      whole.push(request.whole);
    }
  }
  told(what, times);
  if (path) {
    told("  of it the request, until its answer began", began);
    told("  of it the request, until its answer was whole", whole);
  }
}

await timed("first page: from the request to every objective shown", rounds, async () => {
  const begun = performance.now();
  await page.goto(base);
  await page.locator("[data-slo]").first().waitFor();
  return performance.now() - begun;
}, "/api/v1/slos");

await page.goto(`${base}/explore?q=${encodeURIComponent(JSON.stringify(question))}`);
await page.locator("canvas").waitFor();
await page.waitForTimeout(500);
let turn = 0;
await timed("box on the heatmap: from letting go to BubbleUp's rows", rounds, async () => {
  const place = await page.locator("canvas").boundingBox();
  await page.mouse.move(place.x + place.width * 0.5, place.y + 24);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width * 0.9, place.y + place.height * 0.4 + turn++, { steps: 2 }); // another box each time
  await page.evaluate(() => {
    globalThis.shownAt = null;
    addEventListener("pointerup", () => (globalThis.letGo = performance.now()), { once: true, capture: true });
    const old = document.querySelector("[data-cause]");
    new MutationObserver((_, watcher) => {
      const row = document.querySelector(".bubble ol li");
      if (!row || row === old) return;
      requestAnimationFrame(() => (globalThis.shownAt = performance.now()));
      watcher.disconnect();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.mouse.up();
  await page.waitForFunction(() => globalThis.shownAt !== null);
  return page.evaluate(() => globalThis.shownAt - globalThis.letGo);
}, "/api/v1/bubbleup");

await timed(`a trace of ${SPANS} spans: from the request to its rows`, Math.min(rounds, 10), async () => {
  const begun = performance.now();
  await page.goto(`${base}/traces/${trace}`);
  await page.locator("#span-0").waitFor();
  return performance.now() - begun;
}, `/api/v1/traces/${trace}`);

const frames = await page.evaluate(async () => {
  const rows = document.querySelector(".rows");
  const gaps = [];
  let last = performance.now();
  for (let frame = 0; frame < 180; frame++) {
    await new Promise(requestAnimationFrame);
    rows.scrollTop += 400;
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  return gaps.slice(5);
});
told("scrolling that trace: from one frame to the next", frames);
await close();
