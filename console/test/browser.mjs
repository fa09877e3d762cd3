// Opens the page in Chromium and checks what a person on call needs to see and to do.
//   node test/browser.mjs <base-url> [--screenshots DIR] [--read-only] [--brief]
// The address may be of the real server or of the fixture server: what is expected is asked of its
// API first. It presses the buttons: Approve, Undo, Stop all acting; --read-only leaves them alone,
// --brief looks at what is said and nothing else.
// One line per check; exit code 1 when one fails, 3 when Chromium is not there.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checks, holds, measureLooks, needChromium, open } from "./chromium.mjs";

const WAIT_MS = 15_000;
const [base, ...options] = process.argv.slice(2);
const shots = options.includes("--screenshots") ? options[options.indexOf("--screenshots") + 1] : null;
const brief = options.includes("--brief");
const readOnly = brief || options.includes("--read-only");

if (!base) {
  console.error("usage: node test/browser.mjs <base-url> [--screenshots DIR] [--read-only] [--brief]");
  process.exit(2);
}
needChromium();
const { tally, check } = checks();

const get = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
const plain = (text) => text.replace(/[\u202f\u00a0\s]+/g, " ").trim();

const { slos } = await get("/slos");
const { incidents } = await get("/incidents");
const newest = [...incidents].sort((a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at));
const incident = newest.find((each) => each.state !== "closed") ?? newest[0];

const { browser, page, complaints, close } = await open({ wait: WAIT_MS });
const sent = [];
page.on("request", (request) =>
  request.method() !== "GET" && sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
const section = (name) => page.locator("section", { has: page.getByRole("heading", { name }) });
const says = async (locator, ...words) => {
  await locator.first().waitFor();
  for (let left = WAIT_MS; ; left -= 100) {
    const text = plain(await locator.first().innerText());
    const missing = words.find((word) => !text.includes(plain(String(word))));
    if (missing === undefined) return;
    holds(left > 0, `“${missing}” is not in “${text.slice(0, 300)}”`);
    await page.waitForTimeout(100);
  }
};
// An open incident is weighed anew every few seconds, so what the page is to say is asked anew too.
const saysOfNow = async (locator, wordsOf) => {
  await locator.first().waitFor();
  for (let left = WAIT_MS; ; left -= 200) {
    const now = await get(`/incidents/${incident.id}`);
    const text = plain(await locator.first().innerText());
    const missing = wordsOf(now).find((word) => !text.includes(plain(String(word))));
    if (missing === undefined) return;
    holds(left > 0, `“${missing}” is not in “${text.slice(0, 300)}”`);
    await page.waitForTimeout(200);
  }
};
const button = (name) => page.getByRole("button", { name, exact: true });
const wasSent = async (pattern) => {
  for (let left = WAIT_MS; left > 0 && !sent.some((each) => pattern.test(each)); left -= 50) {
    await page.waitForTimeout(50);
  }
  holds(sent.some((each) => pattern.test(each)), `${pattern} was not among ${sent.join(", ")}`);
};

await page.goto(base);
await check("the page is live", () => says(page.locator("header .live"), "live"));
for (const slo of slos.slice(0, 3)) {
  await check(`the objective ${slo.id} stands with its budget and burn rates`, () =>
    says(page.locator(`[data-slo="${slo.id}"]`), slo.name, "5m", "1h", "6h",
      slo.budget_remaining == null ? "no events" : slo.budget_remaining < 0 ? "overspent" : "budget left"));
}
if (!incident) {
  await check("no incident is told of, and the first event is explained", async () => {
    await says(page.locator("main"), "Nothing burns now", "/1/events/", "Changes");
  });
} else {
  await check("the incident is one press away", async () => {
    await page.locator(`main a[href="/incidents/${encodeURIComponent(incident.id)}"]`).first().click();
    await page.waitForURL(`${base}/incidents/${encodeURIComponent(incident.id)}`);
  });
  await incidentChecks();
  if (!readOnly) await actionChecks();
}
if (!brief) await stopAndReconnect();
if (!brief || shots) await looks();
// A server without gates says so, and the page does without.
await check("no error on the console", () => {
  const grave = complaints.filter((each) => !/404.*gates/.test(each));
  holds(grave.length === 0, grave.join("; "));
});
await check("no violation of the content security policy", async () => {
  const violations = await page.evaluate(() => globalThis.violations);
  holds(violations.length === 0, violations.join("; "));
});

await close();
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed ? 1 : 0);

async function incidentChecks() {
  const { kind, flag, build_id, terms = [] } = incident.verdict;
  await check("the headline names the objective, the burn and the state", () =>
    says(page.locator(".headline"), incident.slo_name ?? incident.slo, "×", "seen by"));
  await check(`the verdict is a sentence of kind ${kind}`, async () => {
    const sentence = page.locator(`[data-verdict="${kind}"]`);
    await says(sentence, ...[flag, build_id].filter(Boolean), ...terms.map((term) => term.value));
    if (kind === "none" || kind === "customer") await says(sentence, "None of ours");
    if (kind === "unsure") await says(sentence, "Not sure yet");
  });
  await check("the suspects stand with none of ours among them", async () => {
    const suspects = section("Suspects");
    await says(suspects, "None of ours");
    await saysOfNow(suspects, (now) => now.suspects.filter((each) => each.kind !== "none").slice(0, 3)
      .flatMap((suspect) => [suspect.name, ...suspect.for, ...suspect.against]));
  });
  await check("what was done is told in steps", () => says(section("What was done"), "The burn began"));
  await check("the budget chart draws the burn and the changes", async () => {
    const chart = section(/^Error budget/).locator("svg[role=img]");
    await chart.waitFor();
    holds((await chart.locator("path.burn").getAttribute("d")).length > 20, "the burn's line is empty");
    holds(/Changes: /.test(await chart.getAttribute("aria-label")), "the chart says nothing of changes");
  });
  await check("the heatmap is not empty", async () => {
    const canvas = section(/^Heatmap/).locator("canvas");
    await canvas.waitFor();
    await page.waitForFunction(inked, null, { timeout: WAIT_MS });
  });
  await check("what the failing events share is compared with the rest", async () => {
    await saysOfNow(section(/share$/), (now) => {
      const first = (now.causes.length ? now.causes : now.conjunctions)[0];
      return first
        ? [...first.terms.flatMap((term) => [term.field, term.value]), "vs", "p <"]
        : ["Nothing differs significantly"];
    });
  });
  await check("a dragged box is explained beside it", dragBox);
  await check("the incident has a permanent link, and a list leads to the others", async () => {
    await page.getByRole("link", { name: "permanent link" }).click();
    await page.waitForURL(`${base}/incidents/${encodeURIComponent(incident.id)}`);
    await says(section("Incidents"), incident.state);
  });
  await check("text from outside stays text", async () => {
    holds((await page.locator("main img").count()) === 0, "an image came out of a text");
    const links = await page.locator("main a").evaluateAll((all) => all.map((link) => link.protocol));
    holds(links.every((each) => /^https?:$/.test(each)), `links lead to ${links.join(", ")}`);
  });
}

/** Whether the canvas has drawn cells in more than one place. */
function inked() {
  const canvas = document.querySelector("canvas");
  const context = canvas?.getContext("2d");
  if (!context || canvas.width === 0) return false;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn++;
  return drawn > canvas.width * canvas.height * 0.02;
}

async function dragBox() {
  const canvas = section(/^Heatmap/).locator("canvas");
  const asked = () => sent.some((each) => /POST .*\/bubbleup/.test(each));
  // An incident that is weighed anew may move the picture from under the pointer: a person drags again.
  for (let left = 3; left > 0 && !asked(); left--) {
    await canvas.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
    const place = await canvas.boundingBox();
    await page.mouse.move(place.x + place.width * 0.7, place.y + 24);
    await page.mouse.down();
    await page.mouse.move(place.x + place.width * 0.95, place.y + place.height * 0.3, { steps: 4 });
    await page.mouse.up();
    for (let wait = 0; wait < 3_000 && !asked(); wait += 50) await page.waitForTimeout(50);
  }
  await wasSent(/POST .*\/bubbleup/);
  await says(section("What the events in your box share"), "UTC", "Back to the incident");
  await button("Back to the incident").click();
  await section(/^What the (slow|failing) ones share/).waitFor();
}

async function actionChecks() {
  const state = () => page.locator("[data-mitigation]").getAttribute("data-mitigation");
  const root = `/api/v1/incidents/${incident.id}/mitigations`;
  if (!incident.mitigation) return;
  if (await button("Approve").isVisible()) {
    await check("Approve shows first what would change", async () => {
      await button("Approve").click();
      await wasSent(new RegExp(`POST ${root}$`));
      await says(page.getByRole("group", { name: "Confirm" }), "changes the flag now");
    });
    await check("once approved it is applied, and shown to work or not", async () => {
      await page.getByRole("group", { name: "Confirm" }).locator("button.primary").click();
      await wasSent(new RegExp(`POST ${root}/[^/]+/approve$`));
      await button("Undo").waitFor();
      holds(["applied", "verifying", "effective", "ineffective"].includes(await state()), `it is ${await state()}`);
    });
  }
  if (!(await button("Undo").isVisible())) return;
  await check("Undo asks once more, then puts it back", async () => {
    await button("Undo").click();
    await button("Yes, undo it").click();
    await wasSent(new RegExp(`POST ${root}/[^/]+/undo$`));
    await page.locator("[data-mitigation=undone]").waitFor();
  });
}

async function stopAndReconnect() {
  if (!readOnly) {
    await check("Stop all acting stops at one press, and asks before it allows acting again", async () => {
      await button("Stop all acting").click();
      await wasSent(/PUT \/api\/v1\/guard/);
      await says(page.locator("header .guard"), "stopped");
      holds((await get("/guard")).stop === true, "the server does not know of it");
      await button("Allow acting again").click();
      await button("Yes, allow acting").click();
      await button("Stop all acting").waitFor();
      holds((await get("/guard")).stop === false, "the server still stops");
    });
  }
  await check("a lost connection is said, and mends itself", async () => {
    const before = complaints.length;
    await browser.setOffline(true);
    await says(page.getByText(/^disconnected$/), "disconnected");
    await says(page.getByRole("alert"), "Disconnected since");
    await browser.setOffline(false);
    await says(page.locator("header .live").filter({ hasText: /^\s*live/ }), "live");
    // What the browser itself says about the requests that it did not make is no fault of the page.
    complaints.splice(before, complaints.length, ...complaints.slice(before).filter((each) => !/ERR_INTERNET_DISCONNECTED/.test(each)));
  });
}

async function looks() {
  if (shots) mkdirSync(shots, { recursive: true });
  for (const width of [1440, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(250);
      const name = `${width} ${colorScheme}`;
      await check(`nothing runs over the edge, and text is 12 px or more, at ${name}`, async () => {
        const { over, small, low } = await page.evaluate(measureLooks, width < 760);
        holds(over === 0, `the page is ${over} px too wide`);
        holds(small.length === 0, `too small: ${small.join(", ")}`);
        holds(low.length === 0, `too low to press: ${low.join(", ")}`);
      });
      if (shots) await page.screenshot({ path: join(shots, `console-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
}
