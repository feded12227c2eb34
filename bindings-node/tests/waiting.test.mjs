import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { AbortError, Fleet } from "amc-fleet";
import { SQL, emulator, folder, syncedFleet } from "./support.mjs";

const window = "last 7 days";

/** A batch that does not end by itself: the emulator's clock stands still. */
async function endless(t) {
  const fleet = await syncedFleet(t, await emulator(t, { frozen: true }));
  return { fleet, batch: await fleet.runBatch(null, { sql: SQL, instances: "all", window }) };
}

test("an AbortSignal leaves a wait, and the batch goes on", async (t) => {
  const { fleet, batch } = await endless(t);
  const controller = new AbortController();
  const waiting = batch.wait({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, (error) => {
    assert.ok(error instanceof AbortError);
    assert.deepEqual([error.name, error.code, error.cause.message], ["AbortError", "ABORT_ERR", "enough"]);
    return true;
  });
  assert.equal(await fleet.unfinished(), 3);
  assert.ok(["pending", "running"].includes((await batch.status()).status));
});

test("a signal that has aborted before is honoured", async (t) => {
  const { batch } = await endless(t);
  await assert.rejects(batch.wait({ signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("an AbortSignal ends the events, and the batch goes on", async (t) => {
  const { fleet, batch } = await endless(t);
  const controller = new AbortController();
  const told = [];
  const listen = async () => {
    for await (const event of batch.events({ signal: controller.signal })) {
      told.push(event.kind);
      if (told.filter((kind) => kind === "submitted").length === 3) controller.abort();
    }
  };
  await assert.rejects(listen(), { name: "AbortError" });
  assert.equal(told[0], "batch_created");
  assert.equal(await fleet.unfinished(), 3);
});

test("a wait that takes too long is over, and the batch goes on", async (t) => {
  const { fleet, batch } = await endless(t);
  await assert.rejects(batch.wait({ timeout: 0.05 }), { name: "FleetError", code: "wait_timed_out", kind: "timeout", retryable: true });
  assert.equal(await fleet.unfinished(), 3);
});

test("events can be taken up again after any of them", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  const batch = await fleet.runBatch(null, { sql: SQL, instances: "all", window });
  const all = await collect(batch.events());
  assert.deepEqual(all.map((event) => event.sequence), all.map((_, at) => at + 1));
  assert.equal(all.at(-1).kind, "batch_finished");
  assert.ok(all.every((event) => event.at instanceof Date && event.batchId === batch.id));
  const rest = await collect(batch.events({ after: 3 }));
  assert.deepEqual(rest, all.slice(3));
});

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

test("batches are listed by their status, each in one line", async (t) => {
  const { fleet, batch } = await endless(t);
  assert.deepEqual(await fleet.batches({ status: "completed" }), []);
  assert.deepEqual((await fleet.batches({ limit: 1 })).map(({ id }) => id), [batch.id]);
  assert.match((await batch.status()).summary, new RegExp(`^${batch.id} 'Query' (pending|running): 0 completed, .* of 3 · .* · 0 rows$`));
  await assert.rejects(fleet.batches({ status: "done" }), { name: "FleetError", kind: "invalid_input" });
});

test("what is not known yet is null, as declared", async (t) => {
  const { fleet, batch } = await endless(t);
  const report = await batch.status();
  const [instance] = await fleet.instances();
  const [event] = await batch.events({ signal: AbortSignal.timeout(60_000) }).next().then(({ value }) => [value]);
  const { completedAt, executions: [{ rowCount, errorCode }] } = report;
  assert.deepEqual([completedAt, rowCount, errorCode, instance.unavailable, event.instanceId], Array(5).fill(null));
});

test("a cancel says what it came to", async (t) => {
  const { batch } = await endless(t);
  const { cancelled, alreadyFinished, notCancelled } = await batch.cancel();
  assert.equal(cancelled + alreadyFinished + notCancelled, 3);
  const report = await batch.status();
  assert.equal(report.totalInstances, 3);
});

test("a fleet closes at the end of its scope and its history is there again", async (t) => {
  const amc = await emulator(t);
  const database = join(await folder(t), "fleet.db");
  const fleet = await amc.fleet(database);
  await fleet.syncInstances();
  const batch = await fleet.runBatch(null, { sql: SQL, instances: "all", window, key: "once" });
  await batch.wait();
  await fleet[Symbol.asyncDispose]();
  const again = await Fleet.open(database);
  t.after(() => again.close());
  const found = await again.batch("once");
  assert.equal(found.id, batch.id);
  assert.equal((await found.status()).status, "completed");
  assert.equal((await found.results()).totalRows, (await found.status()).rowCount);
});
