import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { SQL, emulator, folder, node } from "./support.mjs";

const here = new URL(".", import.meta.url).pathname;

/** Runs a module beside these tests, so that it finds the package. */
async function run(source, env) {
  return node(["--input-type=module", "--eval", source], { cwd: here, env });
}

const OPENED = `
  import { Fleet, Credentials, onLog } from "amc-fleet";
  const fleet = await Fleet.open(process.env.DATABASE, { credentials: Credentials.fromEnv(), worker: process.env.WORKER ?? "auto" });
  await fleet.syncInstances();
  const batch = await fleet.runBatch(null, { sql: ${JSON.stringify(SQL)}, instances: "all", window: "last 7 days", key: "k" });
`;

test("an open fleet at work does not keep Node alive", async (t) => {
  const amc = await emulator(t, { frozen: true });
  const source = `${OPENED} onLog(() => {}, "trace"); console.log(fleet.isWorking, await fleet.unfinished());`;
  const left = await run(source, { ...amc.env, DATABASE: join(await folder(t), "fleet.db") });
  assert.deepEqual([left.status, left.signal, left.stdout.trim()], [0, null, "true 3"], left.stderr);
});

test("what a process left unfinished the next one finishes, and says so", async (t) => {
  const amc = await emulator(t);
  const env = { ...amc.env, DATABASE: join(await folder(t), "fleet.db") };
  const left = await run(OPENED, { ...env, WORKER: "false" });
  assert.deepEqual([left.status, left.signal], [0, null], left.stderr);
  assert.deepEqual(await amc.executions(), []);
  const next = await run(
    `import { Fleet, Credentials } from "amc-fleet";
     const fleet = await Fleet.open(process.env.DATABASE, { credentials: Credentials.fromEnv() });
     console.log((await (await fleet.batch("k")).wait()).status);`,
    env,
  );
  assert.deepEqual([next.status, next.stdout.trim()], [0, "completed"], next.stderr);
  assert.match(next.stderr, /^amc-fleet: 3 executions are unfinished in sqlite:.*this process goes on with it$/m);
  assert.equal((await amc.executions()).length, 3);
});

test("the database of a user is said, and a file's URL is its path", async (t) => {
  const place = await folder(t);
  const source = `
    import { Fleet } from "amc-fleet";
    await (await Fleet.open()).close();
    console.log((await Fleet.open(new URL("file://${place}/a%20b.db"))).database);
  `;
  const { stdout, stderr } = await run(source, { AMC_FLEET_DATABASE: "", XDG_DATA_HOME: place });
  assert.equal(stderr, `amc-fleet: the database is sqlite://${place}/amc-fleet/fleet.db\n`);
  assert.equal(stdout.trim(), `sqlite://${place}/a b.db`);
});

test("a callback for tokens does not keep Node alive", async (t) => {
  const amc = await emulator(t, { frozen: true });
  const source = `
    import { Fleet, Credentials } from "amc-fleet";
    const credentials = Credentials.fromCallback("client", async () => ({ accessToken: "Atza|unknown" }));
    const fleet = await Fleet.open("memory:", { credentials });
    await fleet.syncInstances().catch((error) => console.log(error.kind));
  `;
  const { status, stdout, stderr } = await run(source, amc.env);
  assert.deepEqual([status, stdout.trim()], [0, "unauthorized"], stderr);
});

test("a wait that was left does not keep Node alive", async (t) => {
  const amc = await emulator(t, { frozen: true });
  const source = `${OPENED}
    const controller = new AbortController();
    const waiting = batch.wait({ signal: controller.signal });
    controller.abort();
    await waiting.catch((error) => console.log(error.name));
  `;
  const { status, stdout, stderr } = await run(source, { ...amc.env, DATABASE: "memory:" });
  assert.deepEqual([status, stdout.trim()], [0, "AbortError"], stderr);
});

test("a wait keeps Node alive until it is over", async (t) => {
  const amc = await emulator(t);
  const { status, stdout, stderr } = await run(`${OPENED} console.log((await batch.wait()).status);`, {
    ...amc.env,
    DATABASE: "memory:",
  });
  assert.deepEqual([status, stdout.trim()], [0, "completed"], stderr);
});

test("the package loads by import and by require, as one", async () => {
  const source = `
    import * as imported from "amc-fleet";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("amc-fleet");
    const names = Object.keys(imported).filter((name) => name !== "default").sort();
    console.log(JSON.stringify([names, Object.keys(required).sort(), names.every((name) => imported[name] === required[name])]));
  `;
  const { stdout, stderr } = await run(source);
  const [imported, required, same] = JSON.parse(stdout || stderr);
  assert.deepEqual(imported, required);
  assert.ok(same);
});

test("what the core logs reaches a callback", async (t) => {
  const amc = await emulator(t);
  const source = `${OPENED.replace("const fleet", `const records = []; onLog((record) => records.push(record), "trace"); const fleet`)}
    await batch.wait();
    onLog(null);
    const shaped = records.every(({ level, target, message, fields }) =>
      ["error", "warn", "info", "debug", "trace"].includes(level) && target.startsWith("amc_fleet") && typeof message === "string" && fields !== null);
    console.log(records.length > 0, shaped, JSON.stringify(records).includes(process.env.AMC_CLIENT_SECRET));
  `;
  const { status, stdout, stderr } = await run(source, { ...amc.env, DATABASE: "memory:" });
  assert.deepEqual([status, stdout.trim()], [0, "true true false"], stderr);
  const wrong = await run(`import { onLog } from "amc-fleet"; try { onLog(() => {}, "loud"); } catch (error) { console.log(error.code); }`);
  assert.equal(wrong.stdout.trim(), "unknown_log_level", wrong.stderr);
});
