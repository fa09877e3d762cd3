// All tests of the page: types, pure functions, and the page itself in Chromium against the fixture
// server. Exit code 1 when something fails, 3 when only the browser part had to be skipped.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { start } from "./fixture-server.mjs";

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
part("type checking", await run(here("../node_modules/svelte-check/bin/svelte-check"), "--fail-on-warnings", "--output", "human"));
part("a test of a function", await run("--import", "./test/typescript.mjs", "--test", "--test-reporter=tap",
  "test/format.test.ts", "test/sentences.test.ts", "test/pictures.test.ts"));
part("the build", await run(here("../build.mjs")));
if (!existsSync(here("../dist/index.html"))) part("the build, which made no page,", 1);

let skipped = false;
for (const scenario of ["talk", "none", "unsure", "empty"]) {
  console.log(`\n${scenario}`);
  const server = await start({ scenario });
  const shots = process.env.SCREENSHOTS ? ["--screenshots", `${process.env.SCREENSHOTS}/${scenario}`] : [];
  const brief = scenario === "talk" ? [] : ["--brief"];
  const code = part(`the page in the scenario ${scenario}`, await run("test/browser.mjs", server.url, ...brief, ...shots));
  await server.stop();
  skipped ||= code === 3;
  if (skipped) break;
}
process.exit(skipped ? 3 : 0);
