// What somebody has typed outlives a restart of a real server, on every page where one types at length.
//   node test/restart.mjs <base-url>     prints RESTART when the server is to be stopped and started anew
import { checks, holds, needChromium, open } from "./chromium.mjs";
import { looking, play } from "./parts.mjs";

const [base] = process.argv.slice(2);
if (!base) {
  console.error("usage: node test/restart.mjs <base-url>");
  process.exit(2);
}
needChromium();
const WAIT_MS = 30_000;
const { tally, check } = checks();
const { browser, page, complaints, close } = await open({ wait: WAIT_MS });
const json = { method: "POST", headers: { "content-type": "application/json" } };
const post = async (path, body) => (await fetch(base + path, { ...json, body: JSON.stringify(body) })).json();
const get = async (path) => (await fetch(base + path)).json();

await post("/1/batch/shop", [1, 2, 3].map((at) => ({ data: { customer_id: `c${at}`, duration_ms: at } })));
const notebook = await post("/api/v1/notebooks", { title: "Before", steps: [{ title: "One", note: "", question: { dataset: "shop" }, seen: null }] });
const board = await post("/1/boards", { name: "Shop" });
const tabs = [page, await browser.newPage(), await browser.newPage()].map((tab) => ({ tab, ...looking(tab, WAIT_MS) }));
const [exploring, noting, writing] = tabs;

await play({ typed, restarted, kept }, () => true, { check, tally, page, complaints, end: close });

async function typed() {
  await check("a condition, a note and a text are typed, and none is saved", async () => {
    await exploring.tab.goto(`${base}/explore?q=${encodeURIComponent(JSON.stringify({ dataset: "shop", breakdowns: ["customer_id"] }))}`);
    await exploring.says(exploring.tab.getByRole("region", { name: "Table" }), "c1", "c2");
    await exploring.button("+ condition").first().click();
    await exploring.tab.getByRole("combobox", { name: "Field of condition 1" }).fill("customer_id");
    await exploring.tab.getByRole("combobox", { name: "Value of condition 1" }).fill("c2");
    await noting.tab.goto(`${base}/history/${notebook.id}`);
    await noting.tab.getByLabel("Note of step 1").fill("typed before");
    await writing.tab.goto(`${base}/boards/${board.id}`);
    await writing.button("a text").click();
    await writing.tab.getByLabel("Text of the panel").fill("# Typed before");
  });
}

async function restarted() {
  await check("the lost connection is said on each of them, and heals by itself", async () => {
    for (const { tab, says } of tabs) await says(tab.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    console.log("RESTART");
    for (const { tab, says } of tabs) await says(tab.getByRole("alert"), "Disconnected since");
    await noting.tab.getByLabel("What it is about").fill("typed meanwhile");
    for (const { tab, says } of tabs) await says(tab.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
  });
}

async function kept() {
  await check("all that was typed is there, and is asked and saved now", async () => {
    await exploring.button("Run").click();
    await exploring.until("c2 alone", async () => (await exploring.tab.getByRole("region", { name: "Table" }).locator("tbody tr").count()) === 1);
    await noting.button("Save").click();
    await noting.says(noting.tab.getByRole("form", { name: "The notebook" }), "Saved");
    await writing.button("Keep the text").click();
    await writing.tab.getByRole("region", { name: "Typed before" }).waitFor();
    const { description, steps } = await get(`/api/v1/notebooks/${notebook.id}`);
    holds(description === "typed meanwhile" && steps[0].note === "typed before", JSON.stringify({ description, steps }));
    holds((await get(`/1/boards/${board.id}`)).texts[0].content === "# Typed before", "the text is not on the board");
    // What the browser says of a server that was away is no fault of the page.
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/ERR_/.test(each)));
  });
}
