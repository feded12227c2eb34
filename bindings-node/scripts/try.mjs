// Installs the package that pack.mjs left in an empty folder, without Rust on the PATH, and runs the first program there on
// 50 instances, by `import` and by `require`: `node scripts/try.mjs [folder of the package] [cargo profile]`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { root } from "./cargo.mjs";

const dist = resolve(process.argv[2] ?? join(root, "..", "dist"));
const profile = process.argv[3] ?? "release";
const examples = join(root, "..", "examples");
const place = await mkdtemp(join(tmpdir(), "amc-fleet-try-"));
const isWindows = process.platform === "win32";
const env = isWindows ? process.env : { ...process.env, PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) };

function run(command, ...args) {
  const shell = isWindows && command === "npm";
  return execFileSync(command, args, { cwd: place, env, shell, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

const STARTED = `
import { execFileSync } from "node:child_process";
import { startEmulator } from "amc-fleet/testing";
const amc = await startEmulator({ instances: 50, rows: 100 });
const env = { ...process.env, ...amc.env };
execFileSync(process.execPath, ["01_batch.mjs"], { env, stdio: "inherit" });
console.log("executions", (await amc.executions()).length);
await amc.stop();
`;

async function bytes(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

try {
  const [packed] = (await readdir(dist)).filter((name) => /^amc-fleet-.*\.tgz$/.test(name));
  await writeFile(join(place, "package.json"), '{ "private": true, "type": "module" }');
  run("npm", "install", "--no-audit", "--no-fund", "--silent", join(dist, packed));
  await copyFile(join(examples, "reach.sql"), join(place, "reach.sql"));
  await copyFile(join(examples, "node", "01_batch.mjs"), join(place, "01_batch.mjs"));
  await writeFile(join(place, "started.mjs"), STARTED);
  await writeFile(join(place, "required.cjs"), 'console.log(require("amc-fleet").version);');
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  assert.equal(run(process.execPath, "required.cjs").trim(), version);
  assert.match(run(process.execPath, "started.mjs"), /^executions 50$/m);
  const lines = (await readFile(join(place, "reach.csv"), "utf8")).trim().split("\r\n");
  assert.equal(lines.length, 5001);
  const installed = join(place, "node_modules", "amc-fleet");
  const emulator = await bytes(join(installed, "bin"));
  const alone = (await bytes(installed)) - emulator;
  const shown = (size) => `${(size / 1e6).toFixed(1)} MB`;
  console.log(`installed and run: ${shown(alone)} in amc-fleet, the emulator ${shown(emulator)}`);
  // What is built for debugging is larger.
  assert.ok(profile !== "release" || (alone < 30e6 && emulator < 15e6), "too large");
} finally {
  await rm(place, { recursive: true });
}
