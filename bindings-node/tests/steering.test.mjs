// The emulator, steered from Node: rows loaded, faults planned, the clock moved.

import assert from "node:assert/strict";
import test from "node:test";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { emulator, syncedFleet } from "./support.mjs";

const CSV = 'campaign,clicks\n"say ""hi"", twice",3\nWinter,\n';
const READ = "SELECT campaign, clicks FROM dsp_clicks";
const HOURS = 3_600_000;

async function run(fleet, sql) {
  return fleet.runBatch(null, { sql, instances: "all", window: "last 7 days" });
}

/** The rows of a query on every instance, without what says whose they are. */
async function read(fleet, sql) {
  const batch = await run(fleet, sql);
  await batch.wait({ timeout: 60 });
  const rows = await (await batch.results()).head(100, { bigint: "number" });
  return rows.map(({ _instance_id, _instance_name, ...row }) => row);
}

test("a query reads the rows of a CSV, of an Arrow table and of its bytes", async (t) => {
  const amc = await emulator(t);
  const fleet = await syncedFleet(t, amc);
  const [first, second, third] = await fleet.instances();
  const table = tableFromArrays({ campaign: ['say "hi", twice', "Winter"], clicks: [3, null] });
  assert.equal(await amc.load(first, "dsp_clicks", CSV), 2);
  assert.equal(await amc.load(second.instanceId, "dsp_clicks", table), 2);
  assert.equal(await amc.load(third, "dsp_clicks", tableToIPC(table, "stream")), 2);
  const rows = [{ campaign: 'say "hi", twice', clicks: 3 }, { campaign: "Winter", clicks: null }];
  assert.deepEqual(await read(fleet, READ), [...rows, ...rows, ...rows]);
});

test("what the emulator does not take is said", async (t) => {
  const amc = await emulator(t);
  const refused = { name: "FleetError", code: "emulator_refused", kind: "invalid_input" };
  await assert.rejects(amc.load("amcnobody", "dsp_clicks", CSV), { ...refused, message: "there is no instance amcnobody" });
  await assert.rejects(amc.fail("POST", { status: 429, nht: 2 }), { ...refused, message: /nht/ });
  await assert.rejects(amc.fail("POST", {}), refused);
  await assert.rejects(amc.advance("a while"), { ...refused, message: /2h/ });
  await assert.rejects(amc.load(null, "dsp_clicks", new Uint8Array(3)), { name: "FleetError", code: "stream_unreadable" });
});

test("a fault strikes and is counted", async (t) => {
  const amc = await emulator(t);
  const fleet = await syncedFleet(t, amc);
  const fault = await amc.fail("POST", { status: 429, nth: 2, retryAfter: 0 });
  const never = await amc.fail("POST", { path: "/nowhere", status: 500 });
  await (await run(fleet, READ)).wait({ timeout: 60 });
  assert.deepEqual([await amc.fired(fault), await amc.fired(never), await amc.fired()], [1, 0, 1]);
  assert.equal((await amc.executions()).length, 3);
  assert.deepEqual((await amc.faults()).map(({ id, kind, fired }) => [id, kind, fired]), [[fault, "status", 1], [never, "status", 0]]);
  await amc.clearFaults();
  assert.deepEqual(await amc.faults(), []);
});

test("an answer that is lost runs nothing twice", async (t) => {
  const amc = await emulator(t);
  const fleet = await syncedFleet(t, amc);
  const fault = await amc.fail("POST", { path: "*/workflowExecutions", kind: "reset", after: true });
  await (await run(fleet, READ)).wait({ timeout: 60 });
  assert.equal(await amc.fired(fault), 1);
  assert.equal((await amc.executions()).length, 3);
});

test("a run fails as planned, and a query is answered as scripted", async (t) => {
  const amc = await emulator(t);
  const fleet = await syncedFleet(t, amc);
  const [, chosen] = await fleet.instances();
  await amc.script("brand_reach", { data: "brand,reach\nA,10\n", dataTypes: { reach: "INTEGER" } });
  assert.deepEqual(await read(fleet, "SELECT brand, reach FROM brand_reach"), Array(3).fill({ brand: "A", reach: 10 }));
  await amc.fail(null, { kind: "runFails", status: "FAILED", reason: "a disk is full", instance: chosen });
  const batch = await run(fleet, READ);
  await batch.wait({ raiseOnFailure: false });
  const [cause] = await batch.errors();
  assert.deepEqual(cause.instances, [chosen.instanceId]);
  assert.match(cause.message, /a disk is full/);
});

test("hours pass at once", async (t) => {
  const amc = await emulator(t, { frozen: true, latencyMs: 2 * HOURS });
  const fleet = await syncedFleet(t, amc);
  const batch = await run(fleet, READ);
  let submitted = 0;
  for await (const { kind } of batch.events()) {
    submitted += kind === "submitted" ? 1 : 0;
    if (submitted === 3) break;
  }
  const before = await amc.now();
  assert.equal((await amc.advance("1h")) - before, HOURS);
  assert.deepEqual([...new Set((await amc.executions()).map(({ status }) => status))], ["RUNNING"]);
  await amc.advance("2h");
  assert.equal((await batch.wait({ timeout: 60 })).status, "completed");
  await amc.freeze(false);
  assert.ok((await amc.advance(30.5)) - before >= 3 * HOURS + 30_500);
});
