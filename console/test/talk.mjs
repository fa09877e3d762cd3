// The talk by hand, against a real server whose incident waits for a person: from the burn alert to
// the customer turned off.   node test/talk.mjs <base-url> phone|desk [--screenshots DIR]
//   phone  from the alert's link to the mitigation on 390 × 844, in fewer than 8 actions, then undone
//   desk   from the start page over heatmap, BubbleUp, drill-down, comparison, having and trace to
//          the customer turned off by hand, with mouse and keyboard, in fewer than 25 actions
// An action is a click, a drag, a text typed, a choice from a list. Exit code 3 without Chromium.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checks, holds, needChromium, open, SIZES } from "./chromium.mjs";

const [base, how, ...options] = process.argv.slice(2);
if (!base || !["phone", "desk"].includes(how)) {
  console.error("usage: node test/talk.mjs <base-url> phone|desk [--screenshots DIR]");
  process.exit(2);
}
needChromium();
const shots = options.includes("--screenshots") ? options[options.indexOf("--screenshots") + 1] : null;
if (shots) mkdirSync(shots, { recursive: true });
const WAIT_MS = 20_000;
const { tally, check } = checks();
const { page, complaints, close } = await open({ wait: WAIT_MS, viewport: how === "phone" ? SIZES.phone : SIZES.wide });
const { incidents } = await (await fetch(`${base}/api/v1/incidents`)).json();
const incident = incidents.find((each) => each.mitigation);

let actions = 0;
let picture = 0;
async function act(what, action) {
  actions++;
  await action();
  console.log(`  ${String(actions).padStart(2)} ${what}`);
  if (!shots) return;
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(shots, `${how}-${String(++picture).padStart(2, "0")}.png`) });
}
async function until(what, proof) {
  for (let left = WAIT_MS; ; left -= 50) {
    if (await proof()) return;
    holds(left > 0, `waited in vain: ${what}; the page is ${page.url()}`);
    await page.waitForTimeout(50);
  }
}
const button = (name, within = page) => within.getByRole("button", { name, exact: true });
const question = () => JSON.parse(new URL(page.url()).searchParams.get("q") ?? "{}");
const table = page.getByRole("region", { name: "Table" });
const bubble = page.locator("section", { has: page.getByRole("heading", { name: "What the events in the box share" }) });
const confirm = page.getByRole("group", { name: "Confirm" });
const inForce = async () => {
  const now = await (await fetch(`${base}/api/v1/incidents/${incident.id}`)).json();
  const { mitigation } = now;
  return mitigation.actor !== "guard" && ["applied", "verifying", "effective", "ineffective"].includes(mitigation.state)
    && mitigation.action.flag === "short-cache" && JSON.stringify(mitigation.action.audience.keys) === '["retail"]';
};

if (how === "phone") await check("on a phone, from the alert's link to the mitigation in fewer than 8 actions", phone);
else await check("the talk by hand, from the burn alert to the customer turned off, in fewer than 25 actions", desk);
await check("no error on the console", () => {
  const grave = complaints.filter((each) => !/404.*gates/.test(each));
  holds(grave.length === 0, grave.join("; "));
});
await close();
process.exit(tally.failed ? 1 : 0);

async function phone() {
  await page.goto(`${base}/incidents/${incident.id}`);
  await act("press Approve", () => button("Approve").click());
  await until("a preview", async () => (await confirm.innerText()).includes("retail"));
  await act("press what it does", () => confirm.locator("button.primary").click());
  await until("in force", inForce);
  await button("Undo").waitFor();
  holds(actions < 8, `it took ${actions} actions`);
  // Back to what it was, so that the server can be used again.
  await button("Undo").click();
  await button("Yes, undo it").click();
  await page.locator("[data-mitigation=undone]").waitFor();
}

async function desk() {
  await page.goto(base);
  await act("press the objective that burns", () => page.locator(`main a[href="/incidents/${incident.id}"]`).first().click());
  await page.locator("[data-verdict=deploy]").waitFor();
  await act("press Explore these minutes", () => page.getByRole("link", { name: "Explore these minutes" }).click());
  const canvas = page.locator("canvas");
  await canvas.waitFor();
  await page.waitForTimeout(500);
  await act("drag a box round the slow band", async () => {
    const place = await canvas.boundingBox();
    await page.mouse.move(place.x + 60, place.y + 23);
    await page.mouse.down();
    await page.mouse.move(place.x + place.width - 6, place.y + place.height * 0.22, { steps: 5 });
    await page.mouse.up();
  });
  const retail = bubble.getByRole("button", { name: "customer_id = retail" });
  await retail.first().waitFor();
  holds(/8812/.test(await bubble.innerText()), "BubbleUp does not name the build");
  await act("press customer_id = retail", () => retail.first().click());
  await act("press Only with this value", () => button("Only with this value").click());
  await until("the filter", () => question().where?.entries.some((each) => each.value === "retail"));
  await act("press + field of Group by", () => page.getByRole("group", { name: "Group by" }).getByRole("button", { name: "+ field" }).click());
  await act("type dataset_id and Enter", async () => {
    await page.getByRole("combobox", { name: "Group by field 1" }).fill("dataset_id");
    await page.keyboard.press("Enter");
  });
  await until("the drill-down", async () => (await table.innerText()).includes("retail"));
  await act("choose a day before", () => page.getByLabel("Compare with", { exact: true }).selectOption("86400"));
  await act("press Run", () => button("Run").click());
  await until("day on day", async () => question().compare === 86_400 && (await table.innerText()).includes("difference"));
  await act("choose a week before", () => page.getByLabel("Compare with", { exact: true }).selectOption("604800"));
  await act("press Run", () => button("Run").click());
  await until("week on week", () => question().compare === 604_800);
  await act("press + having", () => button("+ having").click());
  await act("type 1 and Enter: hide who asked but once", async () => {
    await page.getByLabel("Value of having 1").fill("1");
    await page.keyboard.press("Enter");
  });
  await until("the having", () => question().havings?.[0]?.value === 1);
  await act("press Events", () => page.getByRole("link", { name: "Events", exact: true }).click());
  const traces = page.getByRole("region", { name: "Events" }).locator('a[href^="/traces/"]');
  await traces.first().waitFor();
  await act("open the trace of a slow query", () => traces.last().click());
  await page.getByRole("listbox", { name: "Spans" }).waitFor();
  await act("press Incidents", () => page.locator("nav.wide").getByRole("link", { name: /^Incidents/ }).click());
  await act("press the incident", () => page.locator(`main a[href="/incidents/${incident.id}"]`).first().click());
  await act("press Do this for customer retail", () => page.locator('[data-step="customer"]').getByRole("button").or(button("Approve")).first().click());
  await until("a preview", async () => (await confirm.innerText()).includes("retail"));
  await act("press what it does", () => confirm.locator("button.primary").click());
  await until("in force", inForce);
  await button("Undo").waitFor();
  holds(actions < 25, `it took ${actions} actions`);
}
