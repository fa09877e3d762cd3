// Builds the page for Maven: installs only when the lock file changed, builds only when a source is
// newer than the last build. Says nothing when all is well, and one line when it is not.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NODE_AT_LEAST = [20, 19];
const INPUTS = ["src", "index.html", "vite.config.js", "svelte.config.js", "package-lock.json"];
const here = dirname(fileURLToPath(import.meta.url));
const at = (...path) => join(here, ...path);

function fail(line, output = "") {
  if (output) process.stderr.write(output);
  console.error(`console: ${line}`);
  process.exit(1);
}

function run(what, args) {
  const windows = process.platform === "win32";
  const done = spawnSync("npm", args, { cwd: here, encoding: "utf8", shell: windows });
  if (done.error) fail(`npm is missing; it comes with Node ${NODE_AT_LEAST.join(".")} or newer`);
  if (done.status !== 0) fail(`${what} failed: npm ${args.join(" ")}`, done.stdout + done.stderr);
}

/** The time of the newest file under a path. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor < NODE_AT_LEAST[1])) {
  fail(`Node ${NODE_AT_LEAST.join(".")} or newer is needed, this is ${process.versions.node}`);
}

const lock = at("package-lock.json");
const installed = at("node_modules", ".installed-lock.json");
if (!existsSync(installed) || readFileSync(installed, "utf8") !== readFileSync(lock, "utf8")) {
  run("installing what the page is built with", ["ci", "--no-audit", "--no-fund", "--silent"]);
  copyFileSync(lock, installed);
}

const page = at("dist", "index.html");
if (!existsSync(page) || INPUTS.some((input) => newest(at(input)) > statSync(page).mtimeMs)) {
  // The names of assets change with their content: the old ones must not stay in the jar.
  rmSync(at("target", "classes", "console"), { recursive: true, force: true });
  run("building the page", ["run", "build", "--silent", "--", "--logLevel", "warn"]);
}
