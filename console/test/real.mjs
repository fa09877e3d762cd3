// What only a real server can show: rollouts, what people keep together, boards, gates, settings.
//   node test/real.mjs <base-url> [--screenshots DIR] [part…]     after sim's talk has been played to it
// The part hostile sends strings that spoil the looks of all later parts: it is played only when named.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { axe, checks, holds, measureLooks, needChromium, open, SIZES } from "./chromium.mjs";
import { STRINGS } from "./hostile.mjs";
import { isUnharmed, looking, plain, play } from "./parts.mjs";

const [base, ...options] = process.argv.slice(2);
if (!base) {
  console.error("usage: node test/real.mjs <base-url> [--screenshots DIR] [part…]");
  process.exit(2);
}
needChromium();
const shots = options.includes("--screenshots") ? options.splice(options.indexOf("--screenshots"), 2)[1] : null;
if (shots) mkdirSync(shots, { recursive: true });
const WAIT_MS = 20_000;
const { tally, check } = checks();
const { page, complaints, close } = await open({ wait: WAIT_MS });
const go = (path) => page.goto(base + path);
const get = async (path) => (await fetch(base + path)).json();
const { button, section, until, says } = looking(page, WAIT_MS);
const ask = (more) => `/explore?q=${encodeURIComponent(JSON.stringify({ dataset: "query-api", span: { last: 14_400 }, ...more }))}`;
/** Nobody may be kept out, at any width, by light or by dark. */
async function looks(name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.waitForTimeout(200);
    const { over, small, low } = await page.evaluate(measureLooks, size === "phone");
    holds(over <= 0, `${size}: it is ${over} px too wide`);
    holds(small.length === 0 && low.length === 0, `${size}: too small or too low: ${[...small, ...low].slice(0, 4).join(", ")}`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      if (shots) {
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(shots, `real-${name}-${size}-${colorScheme}.png`), fullPage: true });
      }
    }
    const found = await axe(page);
    holds(found.length === 0, `${size}: ${found.join("; ")}`);
  }
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: "light" });
}

const PARTS = { rollouts, together, boards, gates, settings, restored, hostile };
await play(PARTS, (name) => (options.length === 0 ? name !== "hostile" : options.includes(name)), { check, tally, page, complaints, end: close });

async function rollouts() {
  await check("each build has its life as a bar: what was blamed, and what no event confirms", async () => {
    await go("/rollouts?last=1d");
    const { rollouts: told } = await get("/api/v1/rollouts");
    const blamed = told.find((each) => each.build_id === "8812");
    const row = page.locator(`[data-rollout="${blamed.id}"]`);
    await says(row, "query-api 8812", "blamed for query-api-fast", "merged", "to the build", "to the first event", "of the traffic for now");
    await row.getByRole("img").waitFor();
    await says(page.locator("[data-rollout]").filter({ hasText: "shepherd" }), "no event of this build has come in");
    await says(section("Delivery (DORA)"), "Change failure rate", "1 of ", "Lead time");
  });
  await check("the shares of the builds are drawn over time, and lead to Explore", async () => {
    const shares = section(/^Share of query-api/);
    await shares.locator("path.line").nth(1).waitFor({ state: "attached" });
    await says(shares, "8811", "8812");
  });
  await check("two builds are compared in the same minutes, and which they are is in the link", async () => {
    const compared = section(/^Two builds of query-api compared/);
    await says(compared, "P95(duration_ms)", "Queries answer in under two seconds", "bad events more than expected", "% of the error budget");
    const figures = async () => plain(await compared.locator("tbody tr").first().innerText());
    await until("counts of both", async () => /COUNT \d[\d ]* \d[\d ]* \d/.test(await figures()));
    await compared.getByLabel("Build", { exact: true }).selectOption("8811");
    await until("the link", () => new URL(page.url()).searchParams.get("build") === "8811");
    await until("turned round", async () => /^COUNT \d[\d ]* \d[\d ]* 0\.\d+×$/.test(await figures()));
  });
  await check("each flag stands with its exposure, what turning it off would touch, and whether the guard may", async () => {
    const cache = page.locator("[data-flag=short-cache]");
    await says(cache, "the guard may turn it off", "false (off)", "true", "of these", "events");
    await says(page.locator("[data-flag=dark-mode]"), "the guard may not", "not listed under guard.eligible");
    const seen = Number(/true (\d+)/.exec(plain(await cache.innerText()))?.[1]);
    holds(seen > 5 && seen < 95, `true is seen by ${seen} %`);
  });
  await check("rollouts look right, to axe too", () => looks("rollouts"));
}

async function together() {
  const form = (name) => page.getByRole("form", { name });
  const question = { calculations: [{ op: "COUNT", column: "" }, { op: "P95", column: "duration_ms" }], breakdowns: ["customer_id"], orders: [{ name: "COUNT", order: "descending" }], limit: 5 };
  await check("a question is named with a note, and found by a word of the note", async () => {
    await go(ask(question));
    await says(page.getByRole("region", { name: "Table" }), "retail");
    await button("Name it").click();
    await form("Name it").getByLabel("Name").fill("Who asks most");
    await form("Name it").getByLabel("Note").fill("the first look in any burn");
    await button("Keep the name").click();
    await page.getByRole("link", { name: "Who asks most" }).waitFor();
    await go("/history?find=first+look");
    await says(section("Named queries"), "Who asks most", "the first look in any burn");
    await section("Named queries").getByRole("link", { name: "Who asks most" }).first().click();
    await says(page.getByRole("region", { name: "Table" }), "retail");
  });
  await check("the history has every query that was asked, found by any word of it, by keyboard", async () => {
    await go("/history");
    const asked = section("Every query and BubbleUp anyone asked");
    await says(asked, "COUNT, P95(duration_ms) of query-api by customer_id", "anyone", "rows in");
    await page.getByRole("searchbox", { name: "Find in queries" }).fill("customer_id p95");
    await page.keyboard.press("Enter");
    await until("fewer", async () => (await asked.locator("li").count()) >= 1 && new URL(page.url()).searchParams.has("find"));
    await page.getByRole("searchbox", { name: "Find in queries" }).fill("no-such-field");
    await page.keyboard.press("Enter");
    await says(asked, "None with these words");
  });
  await check("questions become a notebook, pinned to what they saw, ordered, noted, and replayed the same", async () => {
    for (const [step, title] of [[question, "Who asks"], [{ ...question, breakdowns: ["build_id"] }, "On which build"]]) {
      await go(ask(step));
      await says(page.getByRole("region", { name: "Table" }), "P95");
      await button("Put into a notebook").click();
      const into = form("Put into a notebook");
      await into.getByLabel("What it shows").waitFor();
      if (title === "Who asks") {
        await into.getByLabel("Notebook").selectOption("");
        await into.getByLabel("Title").fill("Retail, after the merge");
      }
      await into.getByLabel("What it shows").fill(title);
      await button("Put it there").click();
      await page.getByRole("link", { name: "Retail, after the merge" }).waitFor();
    }
    await page.getByRole("link", { name: "Retail, after the merge" }).click();
    await says(page.getByRole("region", { name: "What step 1 saw" }), "customer_id", "retail");
    await page.getByLabel("Note of step 1").fill("One customer asks far more than before");
    await page.getByRole("button", { name: "Move step 2 up" }).click();
    await button("Save").click();
    await says(page.getByRole("form", { name: "The notebook" }), "Saved");
    await page.reload();
    await until("the order", async () => (await page.getByLabel("Title of step 1").inputValue()) === "On which build");
    holds((await page.getByLabel("Note of step 2").inputValue()) === "One customer asks far more than before", "the note is gone");
    await button("Replay all").click();
    for (const step of ["Step 1", "Step 2"]) await says(page.getByRole("region", { name: step, exact: true }), "the same as what was pinned");
  });
  await check("what is pinned does not change with the data: a replay says what differs", async () => {
    const told = (await get("/api/v1/notebooks")).notebooks.find((each) => each.title === "Retail, after the merge");
    const whole = await get(`/api/v1/notebooks/${told.id}`);
    whole.steps[0].seen.rows[0][1] = 1;
    const { title, steps } = whole;
    const put = await fetch(`${base}/api/v1/notebooks/${told.id}`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ title, steps }) });
    holds(put.ok, `the answer was ${put.status}`);
    await page.reload();
    await button("Replay", page.getByRole("region", { name: "Step 1", exact: true })).click();
    await says(page.getByRole("region", { name: "Step 1", exact: true }), "1 of 3 rows differ from what was pinned");
  });
  await check("a notebook and the history look right, to axe too", async () => {
    await looks("notebook");
    await go("/history");
    await says(section("Notebooks"), "Retail, after the merge", "2 steps");
    await looks("history");
  });
}

async function boards() {
  await check("a board on the real server: panels, markers on every one, one crosshair, shared time and conditions", async () => {
    const query = (more) => ({ calculations: [{ op: "COUNT" }], time_range: 14_400, ...more });
    const slos = (await get("/api/v1/slos")).slos.map((each) => each.id);
    const made = await (await fetch(`${base}/1/boards`, {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Query API", description: "What to look at first", slos, queries: [
        { caption: "How long", query_style: "graph", dataset: "query-api", query: query({ calculations: [{ op: "HEATMAP", column: "duration_ms" }] }) },
        { caption: "How many", query_style: "graph", dataset: "query-api", query: query({ breakdowns: ["customer_id"], limit: 4, orders: [{ op: "COUNT", order: "descending" }] }) },
      ], texts: [{ content: "# Before anything else\n- is it **one** customer?", before: 0 }] }),
    })).json();
    await go(`/boards/${made.id}`);
    await says(page.getByRole("region", { name: "Before anything else" }), "is it one customer?");
    const panel = (name) => page.getByRole("region", { name });
    await says(page.locator(`[data-slo="${slos[0]}"]`), "budget");
    await panel("How long").locator("canvas").waitFor();
    for (const name of ["How long", "How many"]) await until(`markers on ${name}`, async () => (await panel(name).locator("line.mark").count()) > 0);
    const place = await panel("How many").locator("svg[role=img]").boundingBox();
    await page.mouse.move(place.x + place.width / 2, place.y + 90);
    for (const name of ["How long", "How many"]) await panel(name).locator("line.cross").waitFor({ state: "attached" });
    const heat = await panel("How long").locator("canvas").boundingBox();
    await page.mouse.move(heat.x + heat.width / 3, heat.y + 80);
    await until("the crosshair on both", async () => {
      const [one, other] = await Promise.all(["How long", "How many"].map((name) => panel(name).locator("line.cross").first().getAttribute("x1").catch(() => null)));
      return one !== null && other !== null && Math.abs(Number(one) - heat.width / 3) < 3 && Math.abs(Number(other) - Number(one)) < 30;
    });
    const shared = page.getByRole("form", { name: "Shared by all panels" });
    await button("+ condition", shared).click();
    await page.getByRole("combobox", { name: "Field of condition 1" }).fill("customer_id");
    await page.getByRole("combobox", { name: "Value of condition 1" }).fill("retail");
    await button("Apply to all", shared).click();
    await until("retail alone", async () => (await panel("How many").locator("tbody tr").count()) === 1 && /retail/.test(await panel("How many").innerText()));
    await page.reload();
    await until("retail alone, again", async () => (await panel("How many").locator("tbody tr").count()) === 1);
    await looks("board");
    await panel("How long").getByRole("link", { name: "Explore" }).click();
    await until("explore", () => new URL(page.url()).pathname === "/explore");
    await page.locator("canvas").waitFor();
    holds(JSON.parse(new URL(page.url()).searchParams.get("q")).where.entries[0].value === "retail", "the shared condition is lost");
  });
}

/** Strings from outside, by every way that they come in, through the real server. */
async function hostile() {
  const send = (path, body) => fetch(base + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const taken = async (what, path, bodies) => {
    let count = 0;
    for (const body of bodies) {
      const { status } = await send(path, body);
      holds(status < 500, `${what}: the answer was ${status} to ${JSON.stringify(body).slice(0, 200)}`);
      if (status < 300) count++;
    }
    return count;
  };
  const dataset = "hostile";
  const trace = '<img src=x onerror="globalThis.harmed = true">';
  const now = Date.now();
  await check("200 hostile strings are taken as fields, values, flags, builds, messages, or refused in words", async () => {
    const named = (text) => text.toWellFormed().slice(0, 60);
    const events = STRINGS.map((text, index) => ({ time: new Date(now - index * 5_000).toISOString(), data: {
      name: text, customer_id: text, build_id: text, duration_ms: 10 + index * 40, error: index % 9 === 0, "trace.trace_id": trace, "trace.span_id": `${index}`, ...(index ? { "trace.parent_id": "0" } : {}),
      [named(text)]: text, [`flag.${named(text)}`]: index % 2 === 0,
    } }));
    const answer = await send(`/1/batch/${dataset}`, events);
    holds(answer.ok, await answer.clone().text());
    const statuses = (await answer.json()).map((each) => each.status);
    // Half of a character is no name: the whole body is refused, in words.
    const refused = await send(`/1/batch/${dataset}`, [{ data: { "\ud800": 1 } }]);
    holds(refused.status === 400 && /surrogate/.test(await refused.text()), `half of a character: ${refused.status}`);
    const stored = statuses.filter((each) => each === 202).length;
    holds(stored >= 150, `only ${stored} of the 200 events were taken: ${[...new Set(statuses)]}`);
    const facts = (more) => STRINGS.slice(0, 60).map((text, index) => ({ summary: text, actor: text, idempotency_key: `hostile-${index}`, ...more(text, index) }));
    const at = (index) => new Date(now - index * 30_000).toISOString();
    const deploys = await taken("deploys", "/api/v1/deploys", facts((text, index) => ({ service: "hostile", environment: text, build_id: text, commit: text, time: at(index) })));
    const flags = await taken("flags", "/api/v1/flag-changes", facts((text, index) => ({ flag: text, environment: text, time: at(index), before: { [text]: text }, after: { key: text } })));
    const builds = await taken("builds", "/api/v1/builds", facts((text, index) => ({ service: text, build_id: text, branch: text, state: "succeeded", started_at: at(index), finished_at: at(index) })));
    const astray = await send("/api/v1/deploys", { service: "hostile", build_id: "1", url: "javascript:globalThis.harmed=true" });
    holds(astray.status === 400, `a link that is none: ${astray.status}`);
    holds(Math.min(deploys, flags, builds) >= 20, `taken: ${deploys} deploys, ${flags} flag changes, ${builds} builds of 60 each`);
    console.log(`        taken: ${stored} events of 200; ${deploys} deploys, ${flags} flag changes, ${builds} builds of 60 each`);
  });
  const text = STRINGS.slice(0, 40).join("\n\n").slice(0, 8_000);
  const board = await (await send("/1/boards", {
    name: trace, description: STRINGS[1], texts: [{ content: text }],
    queries: [{ caption: trace, query_style: "graph", dataset, query: { calculations: [{ op: "COUNT" }], breakdowns: ["customer_id"], time_range: 3_600 } }],
  })).json();
  const book = await (await send("/api/v1/notebooks", { title: trace, description: text, steps: [{ title: trace, note: text, question: { dataset }, seen: null }] })).json();
  const q = (more) => `/explore?q=${encodeURIComponent(JSON.stringify({ dataset, span: { since: now - 1_200_000, until: now + 60_000 }, ...more }))}`;
  const heat = [{ op: "HEATMAP", column: "duration_ms" }, { op: "COUNT" }];
  const pages = {
    Explore: [q({ calculations: heat, breakdowns: ["customer_id", "name"] }), "customer_id"],
    BubbleUp: [q({ calculations: heat, box: { column: "duration_ms", min: 3_000, max: 9_000, since: now - 1_200_000, until: now } }), "What the events in the box share"],
    Events: [q({ view: "events" }), "oldest first"], Trace: [`/traces/${encodeURIComponent(trace)}`, "spans in hostile"],
    Changes: ["/changes?last=1h", "before and after"], Rollouts: ["/rollouts?last=6h&service=hostile", "hostile"],
    Board: [`/boards/${board.id}`, "customer_id"], Notebook: [`/history/${book.id}`, "Not saved|Saved"], History: ["/history", "hostile"], Now: ["/", "Changes"],
  };
  for (const [name, [address, word]] of Object.entries(pages)) {
    await check(`${name} shows them and is neither harmed nor broken`, async () => {
      for (const viewport of Object.values(SIZES)) {
        await page.setViewportSize(viewport);
        await go(address);
        await until(`“${word}”`, async () => new RegExp(word).test(plain(await page.locator("main").innerText())));
        await page.waitForTimeout(300);
        await isUnharmed(page);
        await button("Stop all acting").waitFor();
      }
    });
  }
  await page.setViewportSize(SIZES.wide);
}

async function gates() {
  await check("the real gate says no while the objective burns, and why", async () => {
    await go("/");
    const told = await (await fetch(`${base}/api/v1/gates/evaluate`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"service":"query-api"}' })).json();
    await says(section("May I ship?"), "query-api", { true: "yes", false: "no", null: "cannot tell" }[String(told.allow)]);
    if (told.reasons.length > 0) await says(section("May I ship?"), plain(told.reasons[0]).slice(0, 30));
  });
}

async function settings() {
  await check("the guard, its limits and the flags it may turn are those of the server", async () => {
    await go("/settings");
    const guard = await get("/api/v1/guard");
    await says(section("Limits"), ...guard.eligible, String(guard.limits.toggles_per_hour));
    await says(section("How far the guard may go"), guard.mode);
    await button("Stop all acting").waitFor();
  });
  await check("a test message is sent on its way, and whether it arrived is said", async () => {
    const { destinations } = await get("/api/v1/notifications");
    const told = section("Notifications");
    if (destinations.length === 0) return says(told, "no destination is configured");
    await button("Send a test message").click();
    await says(told, "The test arrived");
  });
  await check("an open server says that it asks nobody for a key, and how it would", async () => {
    const { open: isOpen } = await get("/api/v1/keys");
    if (isOpen) await says(section("Keys"), "Everyone on this machine may do everything", "a first one with the scope admin");
  });
  await check("settings look right, to axe too", () => looks("settings"));
}

/** What was typed into a notebook and not saved outlives the page. */
async function restored() {
  await check("a notebook that was being written is as it was typed after the page was lost", async () => {
    const [told] = (await get("/api/v1/notebooks")).notebooks;
    holds(told, "there is no notebook; run together first");
    await go(`/history/${told.id}`);
    await page.getByLabel("What it is about").fill("typed, not saved");
    await says(page.getByRole("form", { name: "The notebook" }), "Not saved yet");
    await page.reload();
    await says(page.getByRole("form", { name: "The notebook" }), "What you had typed is back");
    holds((await page.getByLabel("What it is about").inputValue()) === "typed, not saved", "it is gone");
    await button("Save").click();
    await says(page.getByRole("form", { name: "The notebook" }), "Saved");
  });
}
