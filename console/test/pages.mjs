// Each page of the console, used as a person uses it, against the fixture server.
//   node test/pages.mjs [name…]      uses is all but looks and hostile; one line per check; exit code 1 when one fails, 3 without Chromium
import { readFileSync } from "node:fs";
import { axe, checks, holds, measureLooks, needChromium, open, SIZES } from "./chromium.mjs";
import { LONG_TRACE } from "./events.mjs";
import { start } from "./fixture-server.mjs";
import { isUnharmed, looking, plain, play } from "./parts.mjs";

needChromium();
const only = process.argv.slice(2).filter((each) => !each.startsWith("page:"));
/** Of looks and hostile, only these pages: page:now. */
const pagesOnly = process.argv.slice(2).filter((each) => each.startsWith("page:")).map((each) => each.slice(5));
const isWanted = (name) => pagesOnly.length === 0 || pagesOnly.includes(name);
const WAIT_MS = 10_000;
const { tally, check } = checks();
const server = await start();
const { page, complaints, close } = await open({ wait: WAIT_MS });
const sent = [];
page.on("request", (request) => request.method() !== "GET"
  && sent.push({ path: new URL(request.url()).pathname, body: JSON.parse(request.postData() ?? "null") }));

const go = (path) => page.goto(server.url + path);
const { button, section, until, says } = looking(page, WAIT_MS);
const question = () => JSON.parse(new URL(page.url()).searchParams.get("q"));
const explore = (more = {}) => `/explore?q=${encodeURIComponent(JSON.stringify({ dataset: "query-api", calculations: [{ op: "HEATMAP", column: "duration_ms" }, { op: "COUNT" }], ...more }))}`;
const latest = (path) => sent.findLast((each) => each.path.startsWith(path))?.body;
const inked = () => page.waitForFunction(() => {
  const canvas = document.querySelector("canvas");
  const context = canvas?.getContext("2d");
  if (!context || canvas.width === 0) return false;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn++;
  return drawn > canvas.width * canvas.height * 0.01;
}, null, { timeout: WAIT_MS });

const EVERY = {
  now: "/", incidents: "/incidents", incident: "/incidents/i-42", explore: explore({ breakdowns: ["customer_id"], compare: 1800, havings: [{ name: "COUNT", op: ">", value: 1 }], orders: [{ name: "COUNT", order: "descending" }], where: { combination: "AND", entries: [{ column: "name", op: "=", value: "query" }] }, fields: [{ name: "a", expression: "1" }] }),
  box: explore({ span: { since: Date.now() - 3_600_000, until: Date.now() }, box: { column: "duration_ms", min: 2000, max: 20_000, since: Date.now() - 170_000, until: Date.now() } }),
  events: explore({ view: "events" }), traces: "/traces", trace: `/traces/${LONG_TRACE}?span=s0&find=failed&colour=name`, rollouts: "/rollouts", changes: "/changes", boards: "/boards", board: "/boards/b-1", enlarged: "/boards/b-1?panel=2", history: "/history", notebook: "/history/nb-1", audit: "/audit", settings: "/settings", nowhere: "/nowhere",
};

const PARTS = { shell, now, explored, undone, restarted, unsaved, incident, trace, rollouts, changes, boards, together, audit, settings, keys, waiting, looks, hostile };
const isLook = (name) => name === "looks" || name === "hostile";
await play(PARTS, (name) => only.length === 0 || only.includes(name) || (!isLook(name) && only.includes("uses")), {
  check, tally, page, complaints, end: () => close().then(server.stop),
});

async function shell() {
  await check("every page of the navigation is a link, names itself, and the way back works", async () => {
    await go("/");
    for (const [name, path, heading] of [["Incidents", "/incidents", "Incidents"], ["Explore", "/explore", "Explore"], ["Traces", "/traces", "Traces"],
      ["Rollouts", "/rollouts", "Rollouts"], ["Changes", "/changes", "Changes"], ["Boards", "/boards", "Boards"], ["History", "/history", "History"], ["Audit", "/audit", "Audit"], ["Settings", "/settings", "Settings"]]) {
      await page.locator("nav.wide").getByRole("link", { name: new RegExp(`^${name}`) }).click();
      await until(path, () => new URL(page.url()).pathname === path);
      await page.getByRole("heading", { level: 1, name: heading }).waitFor({ state: "attached" });
      holds((await page.locator("nav.wide [aria-current=page]").innerText()).startsWith(name), `${name} is not marked`);
      holds((await page.title()).startsWith(name), `the title is ${await page.title()}`);
    }
    await page.goBack();
    await until("/audit", () => new URL(page.url()).pathname === "/audit");
  });
  await check("the stop switch is there on every page", async () => {
    for (const path of ["/", "/explore", "/traces", "/changes", "/audit", "/settings", "/incidents/i-42", "/nowhere"]) {
      await go(path);
      await button("Stop all acting").waitFor();
    }
    await says(page.locator("main"), "There is no page");
  });
  await check("the keyboard leads past the navigation, and focus is seen", async () => {
    await go("/changes");
    await page.keyboard.press("Tab");
    holds((await page.evaluate(() => document.activeElement.textContent)) === "Skip to the page", "the first stop is no skip link");
    await page.keyboard.press("Enter");
    holds(await page.evaluate(() => document.activeElement.id === "main"), "it does not lead to the page");
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    holds(outline !== "none", "focus is not seen");
  });
  await check("stopping says nothing of the mode", async () => {
    await go("/");
    await button("Stop all acting").click();
    await says(page.locator("header .guard"), "stopped");
    holds(JSON.stringify(latest("/api/v1/guard")) === '{"stop":true}', JSON.stringify(latest("/api/v1/guard")));
    await button("Allow acting again").click();
    await button("Yes, allow acting").click();
    await button("Stop all acting").waitFor();
  });
}

async function now() {
  await check("one screen answers whether all is right: what burns, every budget, the gates, the changes", async () => {
    await go("/");
    await says(page.locator("h1"), "One objective burns");
    await says(page.locator("[data-incident=i-42]"), "Build 8812", "31×", "87 % of the budget left");
    for (const [slo, ...words] of [["query-api-fast", "87 % of the budget left", "burning", "5m", "3d"], ["builds-under-ten-minutes", "overspent by 12 %"]]) {
      await says(page.locator(`[data-slo="${slo}"]`), ...words);
      await page.locator(`[data-slo="${slo}"] svg[role=img]`).waitFor();
    }
    await says(section("May I ship?"), "query-api", "no", "31 times", "ingest", "yes", "cannot tell");
    await says(section("Changes"), "query-api 8812");
  });
  await check("the burning objective is one press away", async () => {
    await page.locator("[data-incident=i-42]").click();
    await until("its page", () => new URL(page.url()).pathname === "/incidents/i-42");
    await says(page.locator("[data-verdict]"), "Build 8812");
  });
}

async function explored() {
  await check("without a question it asks about what burns", async () => {
    await go("/explore");
    await until("a dataset", () => new URL(page.url()).searchParams.has("q"));
    holds(question().dataset === "query-api", JSON.stringify(question()));
    await inked();
    await says(page.getByRole("region", { name: "Table" }), "COUNT");
  });
  await check("a condition is built with completion of field and value, by keyboard alone", async () => {
    await button("+ condition").first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Field of condition 1" }).focus();
    await page.keyboard.type("cust");
    await page.getByRole("option", { name: /customer_id/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Value of condition 1" }).focus();
    await page.getByRole("option", { name: /retail/ }).waitFor();
    await page.keyboard.type("ret");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await until("the filter in the link", () => JSON.stringify(question().where?.entries) === '[{"column":"customer_id","op":"=","value":"retail"}]');
    await until("the filter in the query", () => latest("/1/queries/query-api").filters.some((each) => each.column === "customer_id" && each.value === "retail"));
  });
  await check("a value that reads as a number stays text where the field is text", async () => {
    await go(explore());
    await button("+ condition").first().click();
    const field = page.getByRole("combobox", { name: "Field of condition 1" });
    await field.fill("build_id");
    await field.press("Enter");
    const value = page.getByRole("combobox", { name: "Value of condition 1" });
    await value.fill("8812");
    await value.press("Tab");
    await button("Run").click();
    await until("a text", () => latest("/1/queries/query-api").filters[0]?.value === "8812");
  });
  await check("nested conditions, groups, order, having, limit and comparison make one query", async () => {
    await go(explore({ where: { combination: "AND", entries: [{ column: "name", op: "=", value: "query" }] } }));
    await button("+ group").first().click();
    const fields = page.getByRole("combobox", { name: "Field of condition 1" });
    await fields.nth(1).fill("partition");
    await page.getByRole("combobox", { name: "Relation of condition 1" }).nth(1).selectOption("<").catch(() => page.getByLabel("Relation of condition 1").nth(1).selectOption("<"));
    await page.getByRole("combobox", { name: "Value of condition 1" }).nth(1).fill("40");
    await page.getByRole("group", { name: "Group by" }).getByRole("button", { name: "+ field" }).click();
    const by = page.getByRole("combobox", { name: "Group by field 1" });
    await by.fill("customer_id");
    await by.press("Enter");
    await button("+ order").click();
    await button("+ having").click();
    await page.getByLabel("Relation of having 1").selectOption(">=");
    await page.getByLabel("Value of having 1").fill("5");
    await page.getByLabel("Limit").fill("3");
    await page.getByLabel("Compare with", { exact: true }).selectOption("1800");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await until("the query", () => sent.some(({ path, body }) => path === "/1/queries/query-api" && body.havings?.length === 1));
    const asked = sent.find(({ body }) => body?.havings?.length === 1).body;
    holds(JSON.stringify(asked.filters) === '[{"column":"name","op":"=","value":"query"},{"filters":[{"column":"partition","op":"<","value":40}],"filter_combination":"OR"}]', JSON.stringify(asked.filters));
    holds(JSON.stringify(asked.havings) === '[{"name":"COUNT","op":">=","value":5}]', JSON.stringify(asked.havings));
    holds(asked.limit === 3 && asked.compare_time_offset_seconds === 1800 && asked.breakdowns[0] === "customer_id", JSON.stringify(asked));
    await says(page.getByRole("region", { name: "Table" }), "customer_id", "retail", "before", "difference", "3 rows");
  });
  await check("the link holds the whole state: loaded anew, the builder and the table are the same", async () => {
    const before = plain(await page.getByRole("region", { name: "Table" }).innerText());
    await page.reload();
    await says(page.getByRole("region", { name: "Table" }), "3 rows");
    holds(plain(await page.getByRole("region", { name: "Table" }).innerText()).split(" ")[0] === before.split(" ")[0], "another table");
    holds((await page.getByLabel("Value of having 1").inputValue()) === "5", "the having is gone");
    holds((await page.getByRole("combobox", { name: "Field of condition 1" }).nth(1).inputValue()) === "partition", "the nested condition is gone");
  });
  await check("computed fields and formulas are asked for by their names", async () => {
    await go(explore({ calculations: [{ op: "COUNT" }] }));
    await button("Fields, formulas, step…").click();
    await button("+ formula of each row").click();
    await page.getByLabel("Name of formula 1").fill("per_minute");
    await page.getByLabel("Expression of formula 1").fill("$COUNT / 60");
    await button("Run").click();
    await says(page.getByRole("region", { name: "Table" }), "per_minute");
  });
  await check("a box dragged on the heatmap is explained at once: sentence, interval and share", async () => {
    await go(explore());
    await inked();
    const place = await page.locator("canvas").boundingBox();
    await page.mouse.move(place.x + place.width * 0.93, place.y + 26);
    await page.mouse.down();
    await page.mouse.move(place.x + place.width * 0.99, place.y + place.height * 0.35, { steps: 4 });
    const before = sent.filter(({ path }) => path === "/1/query_results/query-api").length;
    await page.mouse.up();
    const bubble = section("What the events in the box share");
    await says(bubble, "customer_id = retail and build_id = 8812: 21 % of these events", "(976 to 1036) more", "% of the error budget", "vs", "of the box", "UTC");
    const { selection } = latest("/api/v1/bubbleup");
    holds(selection.box.column === "duration_ms" && selection.box.max > selection.box.min, JSON.stringify(selection));
    holds(sent.filter(({ path }) => path === "/1/query_results/query-api").length === before, "the box asked the whole query again");
  });
  await check("a click on one of its values filters by it", async () => {
    await section("What the events in the box share").getByRole("button", { name: "customer_id = retail" }).first().click();
    await button("Only with this value").click();
    await until("the filter", () => question().where?.entries.some((each) => each.column === "customer_id" && each.value === "retail"));
    holds(question().box === undefined, "the box is still there");
  });
  await check("a click on a value of the table excludes it or groups by it", async () => {
    await go(explore({ breakdowns: ["customer_id"] }));
    const value = page.getByRole("region", { name: "Table" }).getByRole("button", { name: "acme" });
    await value.click();
    await page.evaluate(() => dispatchEvent(new Event("scroll")));
    await page.mouse.wheel(0, -200);
    await button("Without this value").waitFor({ state: "detached" });
    await value.click();
    await page.evaluate(() => dispatchEvent(new Event("scroll")));
    await button("Without this value").click();
    await until("the exclusion", () => question().where?.entries[0]?.op === "!=");
    await says(page.getByRole("region", { name: "Table" }), "retail");
    holds(!plain(await page.getByRole("region", { name: "Table" }).innerText()).includes("acme"), "acme is still there");
  });
  await check("a column's head orders by it, and again the other way round", async () => {
    await go(explore({ breakdowns: ["customer_id"], calculations: [{ op: "COUNT" }] }));
    await page.getByRole("button", { name: /^COUNT/ }).click();
    await until("the order", () => question().orders?.[0]?.order === "descending");
    await page.getByRole("button", { name: /^COUNT/ }).click();
    await until("the other order", () => question().orders?.[0]?.order === "ascending");
  });
  await check("a stretch of time dragged on a series is explained, and zoomed into", async () => {
    await go(explore({ calculations: [{ op: "COUNT" }] }));
    const chart = page.getByRole("region", { name: "COUNT" }).locator("svg[role=img]");
    await chart.waitFor();
    const place = await chart.boundingBox();
    await page.mouse.move(place.x + place.width * 0.5, place.y + 90);
    await page.mouse.down();
    await page.mouse.move(place.x + place.width * 0.7, place.y + 100, { steps: 4 });
    await page.mouse.up();
    await section("What the events in the box share").waitFor();
    await until("a question about time", () => latest("/api/v1/bubbleup").selection.box.column === undefined && latest("/api/v1/bubbleup").selection.box.start_time);
    const { box } = question();
    await button("Zoom in").click();
    await until("the zoom", () => question().span.since === box.since && question().span.until === box.until);
  });
  await check("the box can be moved, sized and asked about by keyboard", async () => {
    await go(explore());
    await inked();
    await page.locator("canvas").focus();
    for (const key of ["ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Enter"]) await page.keyboard.press(key);
    await section("What the events in the box share").waitFor();
  });
  await check("the events themselves, with all their fields, lead to their traces", async () => {
    await go(explore({ view: "events", where: { combination: "AND", entries: [{ column: "customer_id", op: "=", value: "retail" }] } }));
    const events = page.getByRole("region", { name: "Events" });
    await says(events, "oldest first", "query");
    await events.getByRole("button", { name: /fields$/ }).first().click();
    await says(events, "partition", "host.name");
    await events.getByRole("link").first().click();
    await until("a trace", () => new URL(page.url()).pathname.startsWith("/traces/"));
    await says(page.locator("main"), "1 span");
  });
  await check("what the server refuses is said, and nothing typed is lost", async () => {
    await go(explore({ where: { combination: "AND", entries: [{ column: "teapot", op: "exists" }] } }));
    await says(page.getByRole("alert").filter({ hasText: "teapot" }), "there is no such thing as a teapot");
    holds((await page.getByRole("combobox", { name: "Field of condition 1" }).inputValue()) === "teapot", "the condition is gone");
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/400/.test(each)));
  });
}

async function undone() {
  await check("Undo goes back over the steps of a question", async () => {
    await go(explore());
    await inked();
    await page.getByRole("group", { name: "Group by" }).getByRole("button", { name: "+ field" }).click();
    const by = page.getByRole("combobox", { name: "Group by field 1" });
    await by.fill("build_id");
    await by.press("Enter");
    await until("the group", () => question().breakdowns?.[0] === "build_id");
    await says(page.getByRole("region", { name: "Table" }), "8811");
    await button("Undo").click();
    await until("no group", () => question().breakdowns === undefined);
    await until("the builder follows", async () => (await page.getByRole("combobox", { name: "Group by field 1" }).count()) === 0);
  });
}

async function restarted() {
  await check("a restart of the server is said, heals, and loses nothing that was typed", async () => {
    let other = await start();
    await page.goto(other.url + explore());
    await inked();
    await button("+ condition").first().click();
    await page.getByRole("combobox", { name: "Field of condition 1" }).fill("customer_id");
    await page.getByRole("combobox", { name: "Value of condition 1" }).fill("acme");
    const { port } = other;
    await other.stop();
    await says(page.getByText(/^disconnected$/), "disconnected");
    await says(page.getByRole("alert"), "Disconnected since");
    other = await start({ port });
    await says(page.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    await button("Run").click();
    await until("the filter", () => latest("/1/queries/query-api").filters.some((each) => each.value === "acme"));
    await page.goto("about:blank");
    await other.stop();
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ERR_/.test(each)));
  });
  await check("a notebook is typed into while the server starts anew, and saved after that", async () => {
    let other = await start();
    const { port, kept } = other;
    await page.goto(`${other.url}/history/nb-1`);
    await page.getByLabel("Note of step 1").fill("typed before");
    await other.stop();
    await says(page.getByText(/^disconnected$/), "disconnected");
    await page.getByLabel("Note of step 2").fill("typed meanwhile");
    await button("Save").click();
    await says(page.getByRole("alert").filter({ hasText: "Notebook not saved" }), "Firebreak cannot be reached");
    other = await start({ port, kept });
    await says(page.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    await button("Save").click();
    await says(page.getByRole("form", { name: "The notebook" }), "Saved");
    holds(kept.notebooks[0].steps.map((each) => each.note).join() === "typed before,typed meanwhile", JSON.stringify(kept.notebooks[0]));
    await page.goto("about:blank");
    await other.stop();
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ERR_/.test(each)));
  });
}

async function unsaved() {
  await check("a board's text is typed into while the server starts anew; after that, and after a reload, it is still there", async () => {
    let other = await start();
    const { port } = other;
    await page.goto(`${other.url}/boards/b-1`);
    await button("a text").click();
    await page.getByLabel("Text of the panel").fill("# Typed before");
    await other.stop();
    await says(page.getByText(/^disconnected$/), "disconnected");
    await page.getByLabel("Text of the panel").pressSequentially(" and meanwhile");
    await button("Keep the text").click();
    await says(page.getByRole("alert").filter({ hasText: "Board not saved" }), "Firebreak cannot be reached");
    other = await start({ port });
    await says(page.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    await page.reload();
    await says(page.getByRole("form", { name: "Text" }), "What you had typed is back");
    await button("Keep the text").click();
    await page.getByRole("region", { name: "Typed before and meanwhile" }).waitFor();
    await page.goto("about:blank");
    await other.stop();
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ERR_/.test(each)));
  });
}

async function incident() {
  const shared = section(/^What the slow ones share/);
  await check("what the failing events share: its sentence, its interval, its share of the budget", async () => {
    await go("/incidents/i-42");
    await says(shared, "customer_id = retail and build_id = 8812: 21 % of these events", "1006 (976 to 1036) more", "12.4 % of the error budget", "97 % of the burn");
    // A measure has no sentence of its own in this story: its interval would stand in its figures.
    await says(shared, "896 more than expected");
  });
  await check("the ladder names every step with its cost and what is left of the burn", async () => {
    const rung = (step) => page.locator(`[data-step="${step}"]`);
    await says(rung("customer"), "customer retail", "recommended", "0.3 % of traffic", "0.4×", "(0.2× – 0.7×)");
    await says(rung("flag"), "Everyone", "12 % of traffic");
    await says(rung("build"), "Roll back build 8812");
    holds((await page.locator('[data-step="segment"]').count()) === 0, "an impossible step stands there");
  });
  await check("another step is shown by a dry run before it can be taken, and can be left", async () => {
    await page.locator('[data-step="flag"]').getByRole("button").click();
    const confirm = page.getByRole("group", { name: "Confirm" });
    await says(confirm, "Turn short-cache off for everyone", "contextTargets");
    const { action, dry_run } = latest("/api/v1/incidents/i-42/mitigations");
    holds(dry_run === true && action.audience.kind === "everyone", JSON.stringify(action));
    holds(!sent.some(({ path, body }) => path.endsWith("/mitigations") && body.dry_run === false), "it acted");
    await page.keyboard.press("Escape");
    await confirm.waitFor({ state: "detached" });
  });
  await check("a person turns a flag off for somebody of their own choice, after a dry run", async () => {
    await page.getByText("Another flag, or for somebody else").click();
    await page.getByRole("textbox", { name: "Keys" }).fill("acme, globex");
    await button("Show what would change").click();
    await says(page.getByRole("group", { name: "Confirm" }), "Turn short-cache off for customers acme and globex");
    const { action } = latest("/api/v1/incidents/i-42/mitigations");
    holds(JSON.stringify(action.audience) === '{"kind":"context","context_kind":"customer","keys":["acme","globex"]}', JSON.stringify(action));
    await button("Cancel").click();
  });
  await check("it is written up as Markdown", async () => {
    const [file] = await Promise.all([page.waitForEvent("download"), button("Save as Markdown").click()]);
    const text = plain(readFileSync(await file.path(), "utf8"));
    for (const words of ["# Queries answer in under two seconds: open", "Build 8812 of query-api did it", "## Suspects", "for: slow on 8812", "against: other customers", "| customer retail | 0.3 % |", "## What happened"]) {
      holds(text.includes(words), `“${words}” is not in ${text.slice(0, 1500)}`);
    }
  });
  await check("it leads to the same minutes in Explore, with its conditions", async () => {
    await page.getByRole("link", { name: "Explore these minutes" }).click();
    await until("explore", () => new URL(page.url()).pathname === "/explore");
    holds(question().where.entries[0].column === "name", JSON.stringify(question()));
    await inked();
  });
  await check("the events that fail are a link away", async () => {
    await page.goBack();
    await page.getByRole("link", { name: "The events that fail" }).click();
    await says(page.getByRole("region", { name: "Events" }), "oldest first");
    const { filters } = latest("/api/v1/events");
    holds(filters.some((each) => each.op === ">=" && each.value === 2000) && filters.some((each) => each.value === "retail"), JSON.stringify(filters));
  });
  await check("what was taken is given back in steps, bound to a build, after a dry run", async () => {
    const other = await start();
    await page.goto(`${other.url}/incidents/i-42`);
    await button("Approve").click();
    await page.getByRole("group", { name: "Confirm" }).getByRole("button", { name: /^Turn short-cache off/ }).click();
    await page.locator("[data-mitigation=effective]").waitFor();
    await page.getByText("Give it back in steps").click();
    const back = page.locator("details").filter({ hasText: "Give it back in steps" });
    await button("Give back to retail").waitFor();
    await page.getByRole("textbox", { name: "Build with the fix" }).fill("8899");
    await button("Look again").click();
    await says(back, "Build 8899, which is to contain the fix, serves no traffic yet.");
    holds(await button("Give back to retail").isDisabled(), "a step is offered that may not be taken");
    await page.getByRole("textbox", { name: "Build with the fix" }).fill("8813");
    await button("Look again").click();
    await says(back, "Build 8813 served 99 %");
    await button("Give back to retail").click();
    await says(page.getByRole("group", { name: "Confirm" }), "More is exposed to it again", "contextTargets");
    await button("Yes, give back to retail").click();
    await page.locator("[data-mitigation=undone]").waitFor();
    const asked = other.seen.filter(({ path }) => path.endsWith("/step")).map(({ body }) => body);
    holds(JSON.stringify(asked.map(({ dry_run, contexts, build }) => [dry_run, contexts, build])) === '[[true,["retail"],"8813"],[false,["retail"],"8813"]]', JSON.stringify(asked));
    await page.goto("about:blank");
    await other.stop();
  });
}

async function trace() {
  await check("a trace of ten thousand spans draws only the rows that are seen", async () => {
    await go(`/traces/${LONG_TRACE}`);
    await says(page.locator(".headline"), "10 000 spans", "without their parent", "failed");
    const rows = await page.locator("[role=option].row").count();
    holds(rows > 20 && rows < 120, `${rows} rows are drawn`);
  });
  await check("its end is reached by scrolling and by keyboard", async () => {
    const list = page.getByRole("listbox", { name: "Spans" });
    await list.focus();
    await page.keyboard.press("End");
    await page.locator("#span-9999").waitFor();
    await page.keyboard.press("Home");
    await page.locator("#span-0").waitFor();
    await list.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
    await page.locator("#span-5000").waitFor();
  });
  await check("a search finds spans, and steps from one to the next", async () => {
    await page.getByRole("searchbox", { name: "Find in the trace" }).fill("segment failed");
    await says(page.locator(".find"), "10 found");
    await page.getByRole("button", { name: "Next found" }).click();
    await says(page.getByRole("complementary", { name: "The chosen span" }), "read segment failed", "error", "true");
    holds(new URL(page.url()).searchParams.get("find") === "segment failed" && new URL(page.url()).searchParams.has("span"), page.url());
  });
  await check("a span shows its events and links; a missing parent is said", async () => {
    await go(`/traces/${LONG_TRACE}?span=s0`);
    const chosen = page.getByRole("complementary", { name: "The chosen span" });
    await says(chosen, "cache missed", "4bf92f3577b34da60000000000000007", "customer_id");
    await go(`/traces/${LONG_TRACE}?span=s77`);
    await says(chosen, "Its parent gone is not among the events");
  });
  await check("a part is folded and unfolded", async () => {
    await go(`/traces/${LONG_TRACE}`);
    await page.getByRole("listbox", { name: "Spans" }).focus();
    await page.keyboard.press("ArrowLeft");
    await until("few rows", async () => (await page.locator("[role=option].row").count()) === 2);
    await page.keyboard.press("ArrowRight");
    await until("many rows", async () => (await page.locator("[role=option].row").count()) > 20);
  });
  await check("bars are coloured by any field, with a letter for each value, and the link holds it", async () => {
    await go(`/traces/${LONG_TRACE}`);
    await page.getByLabel("Colour by").selectOption("name");
    await says(page.getByRole("list", { name: "Colours of name" }), "A", "read segment failed", "any other: plain");
    await page.reload();
    await until("a colour and its letter", async () => (await page.locator(".row .bar.t1").count()) > 0 && /^B /.test(await page.locator(".row", { has: page.locator(".bar.t1") }).first().locator(".long").innerText()));
    holds(new URL(page.url()).searchParams.get("colour") === "name", page.url());
  });
  await check("flag change, deploy and request stand in one line", async () => {
    await go(`/traces/${LONG_TRACE}`);
    const line = page.getByRole("region", { name: "What it ran on" });
    await says(line, "flag labels changed", "build 8812 deployed", "later", "query");
    const text = plain(await line.innerText());
    holds(text.indexOf("labels") < text.indexOf("8812") && text.indexOf("8812") < text.lastIndexOf("query"), text);
    await line.getByRole("link", { name: "build 8812 deployed" }).click();
    await says(section("Newest first"), "query-api 8812");
  });
  await check("a press on a heatmap leads to a trace that lies there; so does a box", async () => {
    await go(explore());
    await inked();
    const place = await page.locator("canvas").boundingBox();
    // Where the mass of the events lies: the middle of the values, any time.
    for (let down = 0.3; down < 0.95 && !/\/traces\/./.test(page.url()); down += 0.05) {
      await page.mouse.click(place.x + place.width * 0.5, place.y + place.height * down);
      await page.waitForTimeout(300);
    }
    await says(page.locator("main"), "1 span");
    await go(EVERY.box);
    await button("A trace of it").click();
    await until("a trace", () => /\/traces\/./.test(new URL(page.url()).pathname) && new URL(page.url()).searchParams.has("span"));
    await says(page.getByRole("complementary", { name: "The chosen span" }), "retail");
  });
  await check("a trace that is not there is said; the longest ones are offered", async () => {
    await go("/traces/nothing");
    await says(page.getByRole("alert").filter({ hasText: "trace" }), "no event has the trace id nothing");
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/404/.test(each)));
    await page.getByRole("link", { name: "Other traces" }).click();
    await page.getByRole("region", { name: "The longest traces" }).getByRole("link").first().click();
    await until("a trace", () => /\/traces\/./.test(new URL(page.url()).pathname));
  });
}

async function rollouts() {
  await check("the life of each change is a bar, told in words too; the state is in the link", async () => {
    await go("/rollouts");
    const blamed = page.locator("[data-rollout=rollout-8812]");
    await says(blamed, "to the build 5 min", "on 75 % of the traffic for now");
    holds(/to the build 5.min.*on 75.% of the traffic/.test(await blamed.getByRole("img").getAttribute("aria-label")), "the bar has no words");
    await says(page.locator("[data-rollout=rollout-8811]"), "everywhere after 5 min");
    await says(page.locator("[data-rollout=rollout-8809]"), "rolled back after");
    await page.getByLabel("Time", { exact: true }).selectOption("7d");
    await until("the link", () => new URL(page.url()).searchParams.get("last") === "7d");
    await blamed.getByRole("link", { name: /blamed for/ }).click();
    await until("the incident", () => new URL(page.url()).pathname === "/incidents/i-42");
  });
  await check("a flag without an off variation says that nobody knows what turning it off would touch", async () => {
    await go("/rollouts");
    await says(page.locator("[data-flag=labels]"), "the guard may not", "Not known: it has no off variation", "Its changes in a day");
  });
}

async function together() {
  await check("what another wrote meanwhile is not overwritten, and what was typed stays", async () => {
    await go("/history/nb-1");
    await page.getByLabel("What it is about").fill("mine");
    await fetch(`${server.url}/api/v1/notebooks/nb-1`, { method: "PUT", body: JSON.stringify({ title: "Theirs", steps: [] }) });
    await button("Save").click();
    await says(page.getByRole("alert").filter({ hasText: "somebody" }), "Something changed in between");
    holds((await page.getByLabel("What it is about").inputValue()) === "mine", "what was typed is gone");
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/409/.test(each)));
  });
  await check("a BubbleUp that somebody asked is found in the history, and leads back to its box", async () => {
    await go("/history?find=bubbleup");
    const asked = section("Every query and BubbleUp anyone asked");
    await says(asked, "BubbleUp of duration_ms 2 s to 20 s of query-api where name = query", "lee", "6 differences in 21 ms");
    await asked.getByRole("link").first().click();
    await says(section("What the events in the box share"), "customer_id = retail", "duration_ms 2 s to 20 s");
    await inked();
  });
  await check("a BubbleUp becomes a step of a notebook, pinned to what it found, and is replayed", async () => {
    await button("Put into a notebook").click();
    const into = page.getByRole("form", { name: "Put into a notebook" });
    await into.getByLabel("Notebook").selectOption("");
    await into.getByLabel("Title").fill("Boxes");
    await button("Put it there").click();
    await page.getByRole("link", { name: "Boxes" }).click();
    await says(page.getByRole("region", { name: "What step 1 saw" }), "what they share", "customer_id = retail and build_id = 8812");
    await button("Replay").click();
    const step = page.getByRole("region", { name: "Step 1", exact: true });
    await says(step, "the same as what was pinned", "% of the error budget");
  });
  await check("a notebook is made, and deleted after a question", async () => {
    await go("/history");
    await page.getByLabel("Title of the new notebook").fill("Mine");
    await page.keyboard.press("Enter");
    await until("its page", () => /^\/history\/nb-/.test(new URL(page.url()).pathname));
    await button("Delete the notebook").click();
    await button("Yes, delete it").click();
    await until("the history", () => new URL(page.url()).pathname === "/history");
  });
  await check("what a page asks by itself says so, and what a person asks does not", async () => {
    const marked = [];
    const watch = (request) => request.url().includes("/query_results/") && marked.push(request.headers()["x-firebreak-repeated"] === "true");
    page.on("request", watch);
    await go("/boards/b-1");
    await until("the panels", () => marked.length >= 2);
    holds(marked.every(Boolean), "a panel counts as a person");
    marked.length = 0;
    await go(explore());
    await until("the question", () => marked.length >= 1);
    page.off("request", watch);
    holds(marked[0] === false, "a person counts as a page");
  });
}

async function keys() {
  const card = section("Keys");
  await check("a key is made with its scopes, its secret is shown once, and it is revoked after a question", async () => {
    await go("/settings");
    await says(card, "collector", "of the configuration file");
    const form = card.getByRole("form", { name: "New key" });
    await form.getByLabel("Name").fill("ci");
    await form.getByRole("checkbox", { name: /ingest/ }).check();
    await form.getByRole("checkbox", { name: /trusted/ }).check();
    await button("Make the key", form).click();
    await says(card, "The secret of ci", "fb_c2VjcmV0LW9mLXRoZS1maXh0dXJl");
    holds(JSON.stringify(latest("/api/v1/keys")) === '{"name":"ci","scopes":["query","ingest"],"trusted":true}', JSON.stringify(latest("/api/v1/keys")));
    await page.reload();
    await says(card, "ci");
    holds(!plain(await card.innerText()).includes("fb_c2"), "the secret is shown again");
    await card.getByRole("button", { name: "Revoke ci" }).click();
    await button("Yes, revoke ci").click();
    await until("it is gone", async () => (await card.getByRole("button", { name: "Revoke ci" }).count()) === 0);
  });
  await check("a server that asks for a key gets the one that a person gives, in the stream too", async () => {
    const locked = await start({ secret: "the-secret" });
    await page.goto(locked.url);
    await says(page.getByRole("alert").filter({ hasText: "key" }), "This server asks for a key");
    await page.getByRole("textbox", { name: "Key" }).fill("the-secret");
    await page.keyboard.press("Enter");
    await says(page.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    await says(page.locator("h1"), "One objective burns");
    await page.goto(`${locked.url}/settings`);
    await button("Forget it").click();
    await says(page.getByRole("alert").filter({ hasText: "key" }), "This server asks for a key");
    await page.goto("about:blank");
    await locked.stop();
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/401|ERR_/.test(each)));
  });
  await check("a test message is sent, and its arrival is told", async () => {
    await go("/settings");
    await button("Send a test message").click();
    await says(section("Notifications"), "The test arrived", "14 delivered");
  });
}

async function changes() {
  const list = section("Newest first");
  await check("changes are filtered by kind, service and words; the link keeps the filter", async () => {
    await go("/changes");
    await says(list, "query-api 8812", "labels");
    await page.getByLabel("Kind").selectOption("flag");
    await until("flags only", async () => !plain(await list.innerText()).includes("query-api 8812"));
    await page.reload();
    await says(list, "labels");
    await page.getByRole("searchbox", { name: "Find in changes" }).fill("dark");
    await page.keyboard.press("Enter");
    await until("one", async () => (await page.locator("[data-change]").count()) === 1);
  });
  await check("a flag's change shows its lines, and a change leads to before and after", async () => {
    await go("/changes?kind=flag&find=labels");
    await button("what changed").click();
    await says(page.locator(".diff"), "rollout");
    await page.getByRole("link", { name: "before and after" }).click();
    await until("explore", () => question().breakdowns?.[0] === "flag.labels");
  });
  await check("the steps of a build are a trace like any other", async () => {
    await go("/changes");
    await page.locator('[data-change="c-8812-build"]').getByRole("button", { name: "its steps" }).click();
    await until("its trace", () => new URL(page.url()).pathname === `/traces/${LONG_TRACE}`);
  });
  await check("what did it leads to its incident", async () => {
    await go("/changes");
    await page.locator('[data-change="c-8812"]').getByRole("link", { name: /^did it/ }).click();
    await until("the incident", () => new URL(page.url()).pathname === "/incidents/i-42");
  });
}

async function boards() {
  await check("a board shows its objectives and queries; a panel leads to its question", async () => {
    await go("/boards");
    await page.getByRole("link", { name: /^Query API/ }).click();
    await says(page.locator("[data-slo=query-api-fast]"), "87 %");
    await inked();
    await says(page.getByRole("region", { name: "Who asks most" }), "retail", "COUNT");
    await page.getByRole("region", { name: "Who asks most" }).getByRole("link", { name: "Explore" }).click();
    await until("explore", () => new URL(page.url()).pathname === "/explore");
    holds(question().breakdowns[0] === "customer_id" && question().orders[0].name === "COUNT", JSON.stringify(question()));
  });
  await check("a board's time and conditions are shared by its panels, and held by its link", async () => {
    await go("/boards/b-1");
    const together = page.getByRole("form", { name: "Shared by all panels" });
    await together.getByRole("button", { name: "+ condition" }).click();
    await page.getByRole("combobox", { name: "Field of condition 1" }).fill("customer_id");
    await page.getByRole("combobox", { name: "Value of condition 1" }).fill("acme");
    await together.getByRole("button", { name: "Apply to all" }).click();
    const panel = page.getByRole("region", { name: "Who asks most" });
    await until("acme alone", async () => /acme/.test(await panel.innerText()) && !/retail/.test(await panel.innerText()));
    await page.reload();
    await until("acme alone, again", async () => /acme/.test(await panel.innerText()) && !/retail/.test(await panel.innerText()));
  });
  await check("a press on a panel's name shows it alone and large, in a link; Escape leads back", async () => {
    await go("/boards/b-1");
    const panel = page.getByRole("region", { name: "Who asks most" });
    const small = (await panel.locator("svg[role=img]").first().boundingBox()).height;
    await panel.getByRole("link", { name: "Who asks most", exact: true }).click();
    await until("it is alone", async () => (await page.getByRole("region", { name: "How long queries take" }).count()) === 0);
    holds((await panel.locator("svg[role=img]").first().boundingBox()).height > small + 150, "it is no larger");
    await page.reload();
    await says(panel, "retail");
    holds((await page.getByRole("region", { name: "How long queries take" }).count()) === 0, "the link does not hold it");
    await page.keyboard.press("Escape");
    await inked();
    holds(!new URL(page.url()).searchParams.has("panel"), page.url());
  });
  await check("a text stands between the panels: written, changed, moved, taken off, and never anything but text", async () => {
    await go("/boards/b-1");
    const old = page.getByRole("region", { name: "When queries are slow" });
    await says(old, "is it one customer?");
    holds((await old.getByRole("link", { name: "the changes" }).getAttribute("href")) === "/changes", "its link is gone");
    await button("a text").click();
    const form = page.getByRole("form", { name: "Text" });
    await form.getByLabel("Text of the panel").fill("# Whom to ask\n- **lee**, then [x](javascript:alert(1)) <img src=x onerror=alert(1)>");
    await button("Keep the text").click();
    const added = page.getByRole("region", { name: "Whom to ask" });
    await says(added, "lee, then [x](javascript:alert(1)) <img src=x onerror=alert(1)>");
    holds((await added.locator("b").innerText()) === "lee" && (await page.locator("main img").count()) === 0, "the text became something else");
    holds(latest("/1/boards").texts.at(-1).before === 3, JSON.stringify(latest("/1/boards").texts));
    await page.getByRole("button", { name: "Move Whom to ask forward" }).click();
    await until("moved", () => latest("/1/boards").texts.at(-1).before === 2);
    await added.getByRole("button", { name: "Change the text" }).click();
    await form.getByLabel("Text of the panel").fill("# Whom to ask\ndana");
    await button("Keep the text").click();
    await says(added, "dana");
    await page.getByRole("button", { name: "Take off Whom to ask" }).click();
    await added.waitFor({ state: "detached" });
  });
  await check("a metric is put on a board, by any of its fields, and drawn", async () => {
    await button("a metric").click();
    const form = page.getByRole("form", { name: "New metric" });
    await form.getByLabel("Dataset").selectOption("runtime");
    await form.getByRole("combobox", { name: "Metric", exact: true }).fill("cpu");
    await page.getByRole("option", { name: /process\.cpu\.utilization/ }).click();
    await form.getByLabel("Figure").selectOption("MAX");
    await form.getByRole("combobox", { name: "A line for each" }).fill("host.name");
    await form.getByRole("combobox", { name: "A line for each" }).press("Enter"); // as in any form
    const panel = page.getByRole("region", { name: "MAX(process.cpu.utilization) by host.name" });
    await says(panel, "q-1", "q-2");
    await panel.locator("path.line").nth(1).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Take off MAX(process.cpu.utilization) by host.name" }).click();
    await panel.waitFor({ state: "detached" });
  });
  await check("a question is put on a new board, and taken off again", async () => {
    await go(explore({ calculations: [{ op: "P95", column: "duration_ms" }], breakdowns: ["build_id"] }));
    await button("Put on a board").click();
    await page.getByLabel("Board", { exact: true }).selectOption("");
    await page.getByLabel("Name", { exact: true }).fill("Builds");
    await page.getByLabel("What it shows").fill("Slow by build");
    await button("Put it there").click();
    await page.getByRole("link", { name: "Builds" }).click();
    const panel = page.getByRole("region", { name: "Slow by build" });
    await says(panel, "8811", "P95");
    const [kept] = latest("/1/boards").queries;
    holds(kept.query.time_range === 3600 && kept.query.breakdowns[0] === "build_id" && kept.query.start_time === undefined, JSON.stringify(kept));
    await panel.getByRole("button", { name: /^Take off/ }).click();
    await panel.waitFor({ state: "detached" });
    await button("Delete the board").click();
    await button("Yes, delete it").click();
    await until("all boards", () => new URL(page.url()).pathname === "/boards");
  });
}

async function audit() {
  await check("the records are verified, filtered and exported", async () => {
    await go("/audit");
    await says(page.getByRole("region", { name: "Verification" }), "records, all whole");
    await page.getByLabel("Kind").selectOption("opened");
    await until("one", async () => (await section("Records").locator("ol > li").count()) === 1);
    await says(section("Records"), "opened by guard Queries answer in under two seconds burns at 31.2 times");
    await button("the record").click();
    await says(section("Records").locator("pre"), "hash", "previous");
    const [file] = await Promise.all([page.waitForEvent("download"), button("Export JSON").click()]);
    const lines = readFileSync(await file.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    holds(lines.length === 1 && lines[0].kind === "opened", JSON.stringify(lines));
  });
}

async function settings() {
  await check("the mode changes after a question only; limits and flags are told", async () => {
    await go("/settings");
    await says(section("Limits"), "Changes of flags in an hour", "3", "short-cache");
    await says(section("What is kept"), "query-api", "durable", "60 d");
    await page.getByRole("radio", { name: /^watch/ }).check();
    holds(!sent.some(({ path, body }) => path === "/api/v1/guard" && body.mode), "it was changed without a question");
    await button("Change the mode to watch").click();
    await says(page.locator("header .guard"), "watch");
    holds(JSON.stringify(latest("/api/v1/guard")) === '{"mode":"watch"}', JSON.stringify(latest("/api/v1/guard")));
    await page.getByRole("radio", { name: /^ask/ }).check();
    await button("Change the mode to ask").click();
    await says(page.locator("header .guard"), "ask");
  });
}

async function waiting() {
  const slow = await start({ trouble: "slow" });
  await check("while it waits it says so, and can be cancelled", async () => {
    await page.goto(slow.url + explore());
    await says(page.locator(".said"), "asking…");
    await button("Cancel").click();
    await until("no more asking", async () => !plain(await page.locator(".said").innerText()).includes("asking"));
    holds((await page.getByLabel("Calculation 1", { exact: true }).inputValue()) === "HEATMAP", "what was built is gone");
  });
  await check("a trace, the audit and the history say that they load, can be cancelled, and asked for again", async () => {
    for (const [path, what] of [[`/traces/${LONG_TRACE}`, "Loading the trace"], ["/audit", "Loading the records"], ["/traces?dataset=query-api", "Looking for traces"], ["/history", "Loading the history"], ["/changes", "Loading the changes"]]) {
      const asked = slow.seen.length;
      await page.goto(slow.url + path);
      await says(page.locator("main"), what);
      await says(page.locator("main"), "1 s");
      const given = page.waitForEvent("requestfailed", (request) => !request.url().endsWith("/stream"));
      await button("Cancel").click();
      await given;
      await says(page.locator("main"), "Cancelled");
      const before = slow.seen.length;
      holds(before > asked, "nothing was asked");
      await button("Try again", page.locator(".waiting")).click();
      await until("asked again", () => slow.seen.length > before);
      await says(page.locator("main"), what);
    }
  });
  await page.goto("about:blank");
  await slow.stop();
  const broken = await start({ trouble: "broken" });
  await check("when it fails it says what failed, and what to do", async () => {
    for (const path of ["/", explore(), "/changes", "/audit", "/settings", "/traces", `/traces/${LONG_TRACE}`]) {
      await page.goto(broken.url + path);
      await says(page.getByRole("alert").filter({ hasText: "disk" }), "The disk of the event store does not answer.");
    }
  });
  await check("it does not say that all is well when it does not know, and the stop switch stays within reach", async () => {
    await page.goto(broken.url);
    await says(page.locator("h1"), "Not known whether all is well");
    const told = plain(await page.locator("main").innerText());
    holds(!/All well|No objectives|Nothing to watch/.test(told), told.slice(0, 200));
    holds(await button("Stop all acting").isEnabled(), "it cannot be pressed");
  });
  await page.goto("about:blank");
  await broken.stop();
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !/500|ERR_/.test(each)));
}

async function looks() {
  for (const [name, address] of Object.entries(EVERY).filter(([each]) => isWanted(each))) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await check(`${name}, ${size}: axe finds nothing, light and dark; nothing is too wide, too small or too low`, async () => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: "light" });
        await go(address);
        await page.waitForTimeout(500);
        const { over, small, low } = await page.evaluate(measureLooks, size === "phone");
        holds(over <= 0, `it is ${over} px too wide`);
        holds(small.length === 0, `too small: ${small.slice(0, 4).join(", ")}`);
        holds(low.length === 0, `too low to press: ${low.slice(0, 4).join(", ")}`);
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          const found = await axe(page);
          holds(found.length === 0, `${colorScheme}: ${found.join("; ")}`);
        }
      });
    }
  }
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: "light" });
}

async function hostile() {
  const rough = await start({ scenario: "hostile" });
  for (const [name, address] of Object.entries({ ...EVERY, explore: explore({ breakdowns: ["customer_id", "name"] }), trace: `/traces/${encodeURIComponent("<img src=x onerror=\"globalThis.harmed = true\">")}` }).filter(([each]) => isWanted(each))) {
    await check(`${name} shows 200 hostile strings and is neither harmed nor broken by them`, async () => {
      for (const viewport of Object.values(SIZES)) {
        await page.setViewportSize(viewport);
        await page.goto(rough.url + address);
        await page.waitForTimeout(500);
        const all = page.getByRole("button", { name: /^Show all/ });
        while ((await all.count()) > 0) await all.first().click();
        await isUnharmed(page);
        await button("Stop all acting").waitFor();
      }
    });
  }
  await page.goto("about:blank");
  await rough.stop();
  await page.setViewportSize(SIZES.wide);
  complaints.splice(0, complaints.length, ...complaints.filter((each) => !/404/.test(each)));
}
