// Takes a picture of every page, at both sizes, light and dark, as it is normally, while it waits,
// when it fails and when there is nothing: npm run shots -- DIR [name…]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { needChromium, open, SIZES } from "./chromium.mjs";
import { LONG_TRACE } from "./events.mjs";
import { start } from "./fixture-server.mjs";

const [folder, ...only] = process.argv.slice(2);
if (!folder) {
  console.error("usage: npm run shots -- DIR [page…]");
  process.exit(2);
}
needChromium();
mkdirSync(folder, { recursive: true });

const q = (question) => `/explore?q=${encodeURIComponent(JSON.stringify({ dataset: "query-api", ...question }))}`;
const heat = { calculations: [{ op: "HEATMAP", column: "duration_ms" }, { op: "P95", column: "duration_ms" }] };
const now = Date.now();
const PAGES = {
  now: "/", incidents: "/incidents", incident: "/incidents/i-42",
  explore: q(heat),
  grouped: q({ calculations: [{ op: "COUNT" }, { op: "P95", column: "duration_ms" }], breakdowns: ["customer_id", "build_id"], orders: [{ name: "P95(duration_ms)", order: "descending" }], havings: [{ name: "COUNT", op: ">", value: 3 }], compare: 1800, where: { combination: "AND", entries: [{ column: "name", op: "=", value: "query" }, { combination: "OR", entries: [{ column: "build_id", op: "in", value: ["8811", "8812"] }, { column: "partition", op: "<", value: 4 }] }] } }),
  box: q({ ...heat, span: { since: now - 3_600_000, until: now }, box: { column: "duration_ms", min: 2000, max: 20_000, since: now - 170_000, until: now } }),
  events: q({ view: "events" }),
  traces: "/traces", trace: `/traces/${LONG_TRACE}?span=s0&find=failed&colour=name`,
  rollouts: "/rollouts", changes: "/changes", history: "/history", notebook: "/history/nb-1", boards: "/boards", board: "/boards/b-1", enlarged: "/boards/b-1?panel=2", audit: "/audit", settings: "/settings",
};
const STATES = { normal: { scenario: "talk" }, empty: { scenario: "empty" }, loading: { trouble: "slow" }, failed: { trouble: "broken" } };

let taken = 0;
for (const [state, options] of Object.entries(STATES)) {
  const server = await start(options);
  const { page, close } = await open();
  for (const [name, address] of Object.entries(PAGES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(server.url + address);
      await page.waitForTimeout(900);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(120);
        await page.screenshot({ path: join(folder, `${name}-${state}-${size}-${colorScheme}.png`), fullPage: true });
        taken++;
      }
    }
  }
  await close();
  await server.stop();
}
console.log(`${taken} pictures in ${folder}`);
