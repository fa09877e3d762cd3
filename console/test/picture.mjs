// Takes a picture of the newest incident's first screen, for the README.
//   node test/picture.mjs <base-url> <file.png>
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [base, file] = process.argv.slice(2);
if (!base || !file) {
  console.error("usage: node test/picture.mjs <base-url> <file.png>");
  process.exit(2);
}
const profile = mkdtempSync(join(tmpdir(), "console-picture-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  headless: true,
  viewport: { width: 1280, height: 1240 },
});
try {
  const page = await browser.newPage();
  const { incidents } = await (await fetch(`${base}/api/v1/incidents`)).json();
  const [newest] = [...incidents].sort((a, b) => Date.parse(b.opened_at) - Date.parse(a.opened_at));
  await page.goto(newest ? `${base}/incidents/${encodeURIComponent(newest.id)}` : base);
  await page.locator("canvas").first().waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
