import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { Credentials, Fleet, FleetError } from "amc-fleet";
import { SQL, emulator, folder, syncedFleet } from "./support.mjs";

const { convertErrors } = createRequire(import.meta.url)("../lib/errors.cjs");
const native = convertErrors(createRequire(import.meta.url)("../lib/native.cjs"));

/** Proves that a promise rejects with a FleetError of these fields, and gives the error. */
async function refused(promise, fields) {
  const error = await promise.then(
    () => assert.fail(`nothing was refused; expected ${JSON.stringify(fields)}`),
    (error) => error,
  );
  assert.ok(error instanceof FleetError, `${error.stack}`);
  assert.ok(error instanceof Error);
  for (const [name, value] of Object.entries(fields)) assert.deepEqual(error[name], value, `${name} of ${error.stack}`);
  return error;
}

test("every kind of error arrives", () => {
  const kinds = native.errorKinds();
  assert.equal(new Set(kinds).size, kinds.length);
  assert.ok(kinds.includes("invalid_input") && kinds.includes("unexpected"));
  for (const kind of kinds) {
    assert.throws(() => native.fail(kind), { name: "FleetError", kind, code: "test", message: "a test failed on purpose" });
  }
});

test("a batch that is wrong is refused before anything is written", async (t) => {
  const amc = await emulator(t);
  const fleet = await syncedFleet(t, amc);
  const [first] = await fleet.instances();
  const window = "last 7 days";
  const cases = [
    [{ instances: [first.instanceId, "amcnowhere"], window }, { code: "unknown_instance", kind: "not_found", instances: ["amcnowhere"] }],
    [{ instances: [], window }, { code: "no_instances", kind: "invalid_input" }],
    [{ instances: [first, first], window }, { code: "duplicate_instance", kind: "invalid_input", instances: [first.instanceId] }],
    [{ instances: [first] }, { code: "window_missing", kind: "invalid_input" }],
    [{ instances: [first], window: "last fortnight" }, { code: "window_invalid", kind: "invalid_input" }],
    [{ instances: [first], window, timezone: "Mars/Olympus" }, { code: "zone_unknown", kind: "invalid_input" }],
    [{ instances: [first], window, priority: "at once" }, { code: "unknown_priority", kind: "invalid_input" }],
    [{ instances: [first], window, deadline: -1 }, { code: "unreadable_span", kind: "invalid_input" }],
    [{ instances: "some", window }, { code: "unknown_instances", kind: "invalid_input" }],
    [{ instances: [first], window, sql: "SELECT a\nFROM 'open" }, { code: "sql_unreadable", kind: "invalid_input", line: 2, column: 6 }],
  ];
  for (const [options, fields] of cases) {
    const error = await refused(fleet.runBatch(null, { sql: SQL, ...options }), { retryable: false, ...fields });
    assert.ok(error.hint, `${error.code} says what to do`);
  }
  await refused(fleet.runBatch("nothing", { instances: [first], window }), { code: "unknown_workflow", kind: "not_found" });
  await refused(fleet.runBatch(null, { instances: [first], window }), { code: "no_query", kind: "invalid_input" });
  assert.deepEqual(await fleet.batches(), []);
  assert.deepEqual(await amc.executions(), []);
});

test("the place of an error is shown in the query", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  const excerpt = "2 |   'open\n  |   ^";
  const place = { code: "sql_unreadable", line: 2, column: 3, excerpt };
  const sql = "SELECT a,\n  'open\nFROM t";
  const error = await refused(fleet.saveWorkflow("Broken", { sql }), place);
  assert.ok(error.stack.startsWith(`FleetError: ${error.message}\n${excerpt}\n    at `), error.stack);
  await refused(fleet.runBatch(null, { sql, instances: "all", window: "last 7 days" }), place);
});

test("what is not there is not found", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  await refused(fleet.batch("batch_00000000"), { code: "unknown_batch", kind: "not_found" });
  await refused(fleet.workflow("nothing"), { code: "unknown_workflow", kind: "not_found" });
});

test("an argument that cannot be read is refused as all else, and its call is named", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  const fields = { code: "invalid_argument", kind: "invalid_input" };
  const missing = await refused(fleet.runBatch(null, { sql: SQL, window: "last 7 days" }), fields);
  assert.match(missing.message, /^Fleet.runBatch: .*`instances`/);
  await refused(fleet.saveWorkflow("Reach"), fields);
  await refused(fleet.batch(7), fields);
  await refused(Fleet.open("memory:", { credentials: "secret" }), fields);
  assert.throws(() => Credentials.lwa({ clientId: "id" }), { name: "FleetError", ...fields, message: /^Credentials.lwa: / });
});

test("wrong credentials are unauthorized, and their secret is in no message", async (t) => {
  const amc = await emulator(t);
  const { AMC_CLIENT_ID: clientId, AMC_REFRESH_TOKEN: refreshToken } = amc.env;
  const credentials = Credentials.lwa({ clientId, clientSecret: "wr0ng-s3cret", refreshToken, tokenUrl: amc.tokenUrl });
  const fleet = await amc.fleet("memory:", { credentials });
  t.after(() => fleet.close());
  const error = await refused(fleet.syncInstances(), { code: "credential_invalid", kind: "unauthorized", retryable: false });
  assert.ok(!JSON.stringify({ ...error, message: error.message, stack: error.stack }).includes("wr0ng-s3cret"));
});

test("a callback that gives no token leaves its words as the cause", async (t) => {
  const amc = await emulator(t);
  const credentials = Credentials.fromCallback("client", async () => {
    throw new Error("the vault is shut");
  });
  const fleet = await amc.fleet("memory:", { credentials });
  t.after(() => fleet.close());
  const error = await refused(fleet.syncInstances(), { code: "no_token", kind: "unauthorized" });
  assert.match(error.cause.message, /the vault is shut/);
});

test("an AMC that does not answer is unavailable", async (t) => {
  const amc = await emulator(t);
  const credentials = Credentials.fromCallback("client", async () => ({ accessToken: "Atza|host" }));
  const fleet = await amc.fleet("memory:", { credentials });
  t.after(() => fleet.close());
  await amc.stop();
  const error = await refused(fleet.syncInstances(), { code: "amc_unreachable", kind: "unavailable", retryable: true });
  assert.ok(error.cause instanceof Error, "the cause is said");
});

test("a database that cannot be written is said at once", async (t) => {
  const path = join(await folder(t), "no", "such", "folder", "fleet.db");
  await refused(Fleet.open(path), { code: "database_unavailable", kind: "unavailable" });
  await refused(Fleet.open("mysql://host/db"), { code: "unreadable_database", kind: "invalid_input" });
  await refused(Fleet.open("memory:", { worker: "sometimes" }), { code: "unknown_worker_choice", kind: "invalid_input" });
});

test("without credentials history can be read and nothing run", async () => {
  const fleet = await Fleet.open("memory:");
  await refused(fleet.syncInstances(), { code: "no_credentials", kind: "invalid_input" });
  assert.deepEqual(await fleet.batches(), []);
  await fleet.close();
});

test("a closed fleet says so, and is closed once", async (t) => {
  const fleet = await Fleet.open("memory:");
  await fleet.close();
  await refused(fleet.instances(), { code: "fleet_closed", kind: "invalid_input" });
  await refused(fleet.batch("once"), { code: "fleet_closed" });
  await fleet[Symbol.asyncDispose]();
});

test("missing variables are named", () => {
  const { AMC_CLIENT_ID } = process.env;
  delete process.env.AMC_CLIENT_ID;
  try {
    assert.throws(() => Credentials.fromEnv(), { name: "FleetError", code: "credentials_missing", message: /AMC_CLIENT_ID/ });
  } finally {
    if (AMC_CLIENT_ID !== undefined) process.env.AMC_CLIENT_ID = AMC_CLIENT_ID;
  }
});

test("a query AMC rejects fails everywhere with one cause", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  const batch = await fleet.runBatch(null, { sql: "SELECT campaign,\n  FROM t", instances: "all", window: "last 7 days", check: "none" });
  const place = { line: 2, column: 3, excerpt: "2 |   FROM t\n  |   ^" };
  const error = await refused(batch.wait(), { code: "batch_failed", kind: "remote_failed", ...place });
  assert.ok(error.stack.includes(place.excerpt), error.stack);
  assert.equal(error.instances.length, 3);
  const report = await batch.wait({ raiseOnFailure: false });
  assert.equal(report.status, "failed");
  const [cause, ...others] = await batch.errors();
  assert.deepEqual(others, []);
  const { line, column, excerpt } = cause;
  assert.deepEqual({ line, column, excerpt }, place);
  assert.equal(cause.instances.length, 3);
  assert.match(cause.summary, /^3 instances, same cause: /);
  assert.ok(error.message.includes(cause.message));
  await refused(batch.results(), { code: "results_incomplete", kind: "incomplete" });
});
