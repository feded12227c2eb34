import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Credentials } from "amc-fleet";
import { startEmulator } from "amc-fleet/testing";
import { emulator, node } from "./support.mjs";

const here = new URL(".", import.meta.url).pathname;
const DEADLINE_MS = 10_000;

/** Runs a module beside these tests, so that it finds the package. */
async function run(source, env) {
  return node(["--input-type=module", "--eval", `import { startEmulator } from "amc-fleet/testing"; ${source}`], { cwd: here, env });
}

/** Waits until nobody listens at a URL any more. */
async function silence(url) {
  const until = performance.now() + DEADLINE_MS;
  while (await fetch(url).then(() => true, () => false)) {
    assert.ok(performance.now() < until, `${url} still answers`);
  }
}

test("an emulator has the instances asked for, and the same ones for the same seed", async (t) => {
  const [one, two] = await Promise.all([emulator(t, { instances: 4, seed: 11 }), emulator(t, { instances: 4, seed: 11 })]);
  const ids = (amc) => amc.accounts.flatMap((account) => account.instances);
  assert.equal(ids(one).length, 4);
  assert.deepEqual(ids(one), ids(two));
  assert.notEqual(one.url, two.url);
});

test("an emulator ends with the process that started it, which does not wait for it", async () => {
  const { status, stdout, stderr } = await run("console.log((await startEmulator()).url);");
  assert.equal(status, 0, stderr);
  await silence(stdout.trim());
});

test("an emulator stops once, however often it is told to", async () => {
  const amc = await startEmulator();
  await amc.stop();
  await amc[Symbol.asyncDispose]();
  await silence(amc.url);
});

test("an emulator that cannot be found or started is said", async () => {
  const missing = await run("await startEmulator().catch(({ code, message }) => console.log(code, message));", {
    AMC_FLEET_EMULATOR: "/nowhere/emulator",
  });
  assert.equal(missing.stdout.trim(), "no_emulator no emulator at /nowhere/emulator", missing.stderr);
  await assert.rejects(startEmulator({ instances: "many" }), /the emulator ended with 2: .*many/s);
});

test("accounts remember which of several credentials reaches them", async (t) => {
  const amc = await emulator(t);
  const fleet = await amc.fleet("memory:", { credentials: { eu: amc.credentials }, owner: "ada", actor: "ada@example.com" });
  t.after(() => fleet.close());
  await fleet.syncInstances();
  assert.equal(fleet.owner, "ada");
  assert.deepEqual([...new Set((await fleet.instances()).map((instance) => instance.credentialKey))], ["eu"]);
});

test("credentials come in three forms", async (t) => {
  const amc = await emulator(t);
  const forms = [amc.credentials, { eu: amc.credentials }, () => amc.credentials, async () => ({ eu: amc.credentials })];
  for (const credentials of forms) {
    const fleet = await amc.fleet("memory:", { credentials });
    t.after(() => fleet.close());
    assert.equal((await fleet.syncInstances()).added.length, 3);
  }
});

test("secrets show nowhere", async (t) => {
  const { credentials, env } = await emulator(t);
  assert.ok(credentials instanceof Credentials);
  assert.equal(inspect(credentials), "Credentials { keys: [ 'default' ] }");
  const shown = inspect(credentials, { showHidden: true, depth: 9 }) + JSON.stringify(credentials);
  for (const secret of [env.AMC_CLIENT_SECRET, env.AMC_REFRESH_TOKEN]) assert.ok(!shown.includes(secret));
});
