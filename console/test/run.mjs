// All tests of the page: types, pure functions, and the page itself in Chromium against the fixture
// server. Exit code 1 when something fails, 3 when only the browser part had to be skipped.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { start } from "./fixture-server.mjs";

const SCRIPTS_MOST = 250_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: here(".."), stdio: "inherit" });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function part(name, code) {
  if (code !== 0 && code !== 3) {
    console.error(`console: ${name} failed`);
    process.exit(1);
  }
  return code;
}

if (/https?:\/\//.test(readFileSync(here("../package-lock.json"), "utf8"))) {
  part("the lock file, which names an address,", 1);
}
const [types, functions] = await Promise.all([
  run(here("../node_modules/svelte-check/bin/svelte-check"), "--fail-on-warnings", "--output", "human"),
  run("--import", "./test/typescript.mjs", "--test", "--test-reporter=tap",
    "test/format.test.ts", "test/sentences.test.ts", "test/pictures.test.ts", "test/explore.test.ts", "test/rollouts.test.ts", "test/boards.test.ts"),
]);
part("type checking", types);
part("a test of a function", functions);
part("the build", await run(here("../build.mjs")));
if (!existsSync(here("../dist/index.html"))) part("the build, which made no page,", 1);

const sizes = readdirSync(here("../dist/assets")).filter((name) => name.endsWith(".js"))
  .map((name) => gzipSync(readFileSync(here(`../dist/assets/${name}`))).length);
const size = sizes.reduce((sum, each) => sum + each, 0);
console.log(`the scripts are ${Math.round(size / 1000)} KB compressed`);
part("the size of the scripts", size < SCRIPTS_MOST ? 0 : 1);

// How pages look is mostly waiting for them: beside it there is time for what they do.
const [looks, uses, scenarios] = await Promise.all([run("test/pages.mjs", "looks", "hostile"), run("test/pages.mjs", "uses"), told()]);
part("how a page looks", looks);
part("a page", uses);
process.exit([looks, uses, scenarios].includes(3) ? 3 : 0);

/** The incident's page against each of the stories. */
async function told() {
  let worst = 0;
  for (const scenario of ["talk", "none", "unsure", "empty"]) {
    const server = await start({ scenario });
    const shots = process.env.SCREENSHOTS ? ["--screenshots", `${process.env.SCREENSHOTS}/${scenario}`] : [];
    const brief = scenario === "talk" ? [] : ["--brief"];
    const code = part(`the page in the scenario ${scenario}`, await run("test/browser.mjs", server.url, ...brief, ...shots));
    await server.stop();
    worst = Math.max(worst, code);
    if (code === 3) break;
  }
  return worst;
}
