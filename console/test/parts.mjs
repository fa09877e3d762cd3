// How the tests of the pages look at a page, and play their named parts.
import { holds } from "./chromium.mjs";

export const plain = (text) => text.replace(/[\u202f\u00a0\s]+/g, " ").trim();

/** What a person looks for on the page. */
export function looking(page, waitMs) {
  const button = (name, within = page) => within.getByRole("button", { name, exact: true });
  const section = (name) => page.locator("section", { has: page.getByRole("heading", { name }) });
  async function until(what, proof) {
    for (let left = waitMs; ; left -= 50) {
      if (await proof()) return;
      holds(left > 0, `waited in vain: ${typeof what === "string" ? what : what()}; the page is ${page.url().slice(0, 200)}`);
      await page.waitForTimeout(50);
    }
  }
  async function says(locator, ...words) {
    await locator.first().waitFor();
    let text = "";
    for (const word of words) {
      await until(() => `“${word}” in “${text.slice(0, 300)}”`, async () => (text = plain(await locator.first().innerText())).includes(word));
    }
  }
  return { button, section, until, says };
}

/** Plays the parts that are wanted, then looks at what no page may ever cause; ends the process. */
export async function play(parts, isWanted, { check, tally, page, complaints, end }) {
  for (const [name, part] of Object.entries(parts)) {
    if (!isWanted(name)) continue;
    console.log(`-- ${name}`);
    await part();
  }
  await check("no error on the console, no violation of the policy", async () => {
    holds(complaints.length === 0, complaints.join("; "));
    const violations = await page.evaluate(() => globalThis.violations);
    holds(violations.length === 0, violations.join("; "));
  });
  await end();
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed ? 1 : 0);
}

/** That none of the strings became an element, was executed, led astray or broke the layout. */
export async function isUnharmed(page) {
  const found = await page.evaluate(() => ({
    over: document.documentElement.scrollWidth - innerWidth, harmed: globalThis.harmed,
    made: document.querySelectorAll("main img, main iframe, main script, main style, base, main object, meta[http-equiv]").length,
    // A text on a board may link to where its writer wants; nothing else may.
    links: [...document.querySelectorAll("a")].filter((link) => !/^https?:$/.test(link.protocol) || (/evil/.test(link.host) && !link.closest(".prose"))).length,
  }));
  holds(found.over <= 0, `it is ${found.over} px too wide at ${page.viewportSize().width}`);
  holds(!found.harmed, "a string was executed");
  holds(found.made === 0, `${found.made} elements came out of strings`);
  holds(found.links === 0, `${found.links} links lead astray`);
}
