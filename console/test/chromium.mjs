// Chromium as the tests drive it, and what they all watch for.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
export const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Ends the process with code 3 where there is no Chromium to test with. */
export function needChromium() {
  if (existsSync(CHROMIUM)) return;
  console.log(`skipped: there is no Chromium at ${CHROMIUM}; install it (apt-get install chromium) or set CHROMIUM`);
  process.exit(3);
}

/** A browser with one page; complaints are what no page may ever cause. */
export async function open({ viewport = SIZES.wide, wait = 15_000 } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "console-test-"));
  const browser = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS, headless: true, viewport });
  const page = await browser.newPage();
  const complaints = [];
  page.setDefaultTimeout(wait);
  page.on("console", (message) => message.type() === "error" && complaints.push(`${message.text()} ${message.location().url}`));
  page.on("pageerror", (thrown) => complaints.push(thrown.message));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      globalThis.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
  const close = async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { browser, page, complaints, close };
}

/** The violations that axe-core finds on the page as it is, one line each. */
export async function axe(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`).join(" | ")}`);
}

/** What is too wide, too small to read or broken letter by letter, or too low to press on a phone. */
export function measureLooks(phone) {
  const shown = (element) => element.getClientRects().length > 0 && !element.closest(".hidden");
  const told = [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && shown(element));
  const isSqueezed = (element) => {
    const { width, height } = element.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(element).fontSize);
    return element.textContent.trim().length > 4 && width < 2.5 * size && height > 4 * size;
  };
  const small = told.filter((element) => parseFloat(getComputedStyle(element).fontSize) < 11.99 || isSqueezed(element))
    .map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 30)}`);
  const low = phone
    ? [...document.querySelectorAll("button, select, nav.narrow a")].filter(shown)
      .filter((element) => element.getBoundingClientRect().height < 39.5).map((element) => element.textContent.trim().slice(0, 40) || element.getAttribute("aria-label"))
    : [];
  return { over: document.documentElement.scrollWidth - innerWidth, small, low };
}

/** Runs checks one after the other, a line for each; the answer counts those that failed. */
export function checks() {
  const tally = { passed: 0, failed: 0 };
  const check = async (what, proof) => {
    try {
      await proof();
      tally.passed++;
      console.log(`ok      ${what}`);
    } catch (thrown) {
      tally.failed++;
      console.log(`FAILED  ${what}: ${String(thrown.message ?? thrown).split("\n").slice(0, 4).join(" ")}`);
    }
  };
  return { tally, check };
}

export const holds = (truth, what) => {
  if (!truth) throw new Error(what);
};
