import assert from "node:assert/strict";
import { join } from "node:path";
import { readFile, readdir } from "node:fs/promises";
import { PassThrough, Writable } from "node:stream";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { RecordBatchReader, Type } from "apache-arrow";
import { additive, distinct } from "amc-fleet";
import { SQL, emulator, folder, syncedFleet } from "./support.mjs";

/** The results of one small batch. */
async function results(t) {
  const fleet = await syncedFleet(t, await emulator(t));
  const batch = await fleet.runBatch(null, { sql: SQL, instances: "all", window: "last 7 days" });
  await batch.wait();
  return batch.results();
}

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

test("rows cross as one Arrow IPC stream, and as often as they are asked for", async (t) => {
  const taken = await results(t);
  const table = await taken.toArrow();
  assert.equal(table.numRows, taken.totalRows);
  assert.ok(taken.totalRows > 0);
  assert.deepEqual(table.schema.fields.map((field) => field.name), taken.columns.map((column) => column.name));
  assert.deepEqual(table.schema.names.slice(0, 2), ["_instance_id", "_instance_name"]);
  const chunks = await collect(taken);
  assert.ok(chunks.every((chunk) => chunk instanceof Uint8Array));
  let rows = 0;
  for await (const batch of await RecordBatchReader.from(taken)) rows += batch.numRows;
  assert.equal(rows, taken.totalRows);
});

test("64-bit numbers become what the caller asks for, and never lose a digit unasked", async (t) => {
  const taken = await results(t);
  const longs = taken.columns.filter((column) => column.form === "long").map((column) => column.name);
  assert.ok(longs.includes("reach"), JSON.stringify(taken.columns));
  const table = await taken.toArrow();
  const reach = table.getChild("reach");
  assert.deepEqual([reach.type.typeId, reach.type.bitWidth], [Type.Int, 64]);
  const exact = await collect(taken.rows());
  assert.deepEqual(exact.map((row) => row.reach), [...reach]);
  assert.ok(exact.every(({ reach }) => reach === null || typeof reach === "bigint"));
  assert.ok(exact.some(({ reach }) => reach !== null));
  const texts = await collect(taken.rows({ bigint: "string" }));
  assert.deepEqual(texts.map((row) => row.reach), [...reach].map((long) => long?.toString() ?? null));
  assert.equal(JSON.parse(JSON.stringify(texts)).length, taken.totalRows);
  const numbers = await taken.head(taken.totalRows, { bigint: "number" });
  assert.deepEqual(numbers.map((row) => row.reach), [...reach].map((long) => (long === null ? null : Number(long))));
  await assert.rejects(collect(taken.rows({ bigint: "float" })), { name: "FleetError", code: "unknown_bigint" });
});

test("the first rows are those of the whole", async (t) => {
  const taken = await results(t);
  const all = await collect(taken.rows());
  assert.deepEqual(await taken.head(4), all.slice(0, 4));
  assert.deepEqual(await taken.head(0), []);
  assert.match(await taken.table(2), /^_instance_id /);
});

test("CSV and its manifest hold every row", async (t) => {
  const taken = await results(t);
  const path = join(await folder(t), "reach.csv");
  const written = await taken.writeCsv(path);
  assert.deepEqual([written.path, written.manifestPath], [path, `${path}.manifest.json`]);
  assert.equal(written.rows, taken.totalRows);
  const text = await readFile(path, "utf8");
  assert.equal(Buffer.byteLength(text), written.bytes);
  assert.equal(text.trim().split("\r\n").length, taken.totalRows + 1);
  await assert.rejects(taken.writeCsv(join(path, "below")), { name: "FleetError", code: "file_not_writable", kind: "unavailable" });
});

test("what is missing is refused, or said", async (t) => {
  const amc = await emulator(t, { sandbox: 1 });
  const fleet = await syncedFleet(t, amc);
  const instances = await fleet.allInstances();
  const sandbox = instances.find((instance) => instance.unavailable);
  await assert.rejects(fleet.runBatch(null, { sql: SQL, instances, window: "last 7 days" }), {
    code: "instance_unavailable",
    kind: "forbidden",
    instances: [sandbox.instanceId],
  });
  const batch = await fleet.runBatch(null, { sql: SQL, instances, window: "last 7 days", onUnavailable: "skip" });
  assert.deepEqual(batch.skipped.map((skipped) => skipped.instanceId), [sandbox.instanceId]);
  await batch.wait();
  const { summary } = await batch.results({ missing: "include" });
  assert.equal(summary.complete, "3 of 4");
  assert.deepEqual(summary.missing, [sandbox.instanceId]);
});

test("a roll-up is a table like any other, and never adds up reach", async (t) => {
  const taken = await results(t);
  const rolled = await taken.rollUp({ by: ["_instance_id"], columns: { reach: distinct(), cost: additive() } });
  const digits = (decimal) => BigInt((decimal ?? "0").replace(".", ""));
  const sums = new Map();
  for await (const { _instance_id, cost } of taken.rows()) sums.set(_instance_id, (sums.get(_instance_id) ?? 0n) + digits(cost));
  const rows = await collect(rolled.rows());
  assert.deepEqual(new Map(rows.map((row) => [row._instance_id, digits(row.cost)])), sums);
  assert.ok(rows.every((row) => row.reach_at_least > 0n && row.reach_at_most === null && row.reach === undefined));
  const refused = taken.rollUp({ by: ["campaign"], columns: { reach: additive() } });
  await assert.rejects(refused, { name: "FleetError", code: "not_additive" });
  const unreadable = taken.rollUp({ by: ["campaign"], columns: { reach: { role: "average" } } });
  await assert.rejects(unreadable, { name: "FleetError", code: "roll_up_unreadable" });
});

test("every format holds every row, and a file is traced by its content", async (t) => {
  const fleet = await syncedFleet(t, await emulator(t));
  const batch = await fleet.runBatch(null, { sql: SQL, instances: "all", window: "last 7 days" });
  await batch.wait();
  const taken = await batch.results({ drift: "strict", executionId: true });
  assert.equal(taken.columns[2].name, "_execution_id");
  const place = await folder(t);
  for (const name of ["a.csv", "a.jsonl", "a.parquet", "a.arrow", "a.arrows", "a.xlsx"]) {
    const { rows, sha256, path } = await taken.write(join(place, name));
    assert.equal(rows, taken.totalRows);
    const trace = await fleet.traceFile(path);
    assert.deepEqual([trace.sha256, trace.manifest.batch_id], [sha256, batch.id]);
  }
  const lines = (await readFile(join(place, "a.jsonl"), "utf8")).trim().split("\n");
  assert.equal(lines.map((line) => JSON.parse(line)).length, taken.totalRows);
  await assert.rejects(taken.write(join(place, "b.parquet"), { byteOrderMark: true }), { code: "csv_only" });
  await assert.rejects(fleet.traceFile(join(place, "a.csv.manifest.json")), { code: "unknown_file", kind: "not_found" });
});

test("the bytes of a file come as they become ready, no faster than they are taken", async (t) => {
  const taken = await results(t);
  const path = join(await folder(t), "reach.csv");
  await taken.write(path);
  const whole = await readFile(path);
  assert.deepEqual(Buffer.concat(await collect(taken.stream())), whole);
  const slow = new PassThrough({ highWaterMark: 16 });
  const read = collect(slow);
  assert.equal(await taken.writeTo(slow, "csv"), whole.length);
  slow.end();
  assert.deepEqual(Buffer.concat(await read), whole);
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("full")) }).on("error", () => {});
  await assert.rejects(taken.writeTo(broken, "csv"), /full|destroyed|closed/);
  await assert.rejects(collect(taken.stream("excel")), { code: "unknown_format" });
  await assert.rejects(collect(taken.stream("parquet", { byteOrderMark: true })), { code: "csv_only" });
});

test("results may lie in a folder", async (t) => {
  const [amc, place] = [await emulator(t), await folder(t)];
  const database = join(place, "fleet.db");
  const fleet = await syncedFleet(t, amc, database, { results: pathToFileURL(join(place, "results")).href });
  const batch = await fleet.runBatch(null, { sql: SQL, instances: "all", window: "last 7 days" });
  await batch.wait();
  assert.equal((await batch.results()).totalRows, 60);
  const kept = await readdir(join(place, "results", `batch_id=${batch.id}`));
  assert.equal(kept.filter((name) => name.startsWith("instance_id=")).length, 3);
  await assert.rejects(amc.fleet(database, { results: join(place, "elsewhere") }), { code: "results_elsewhere" });
  await assert.rejects(amc.fleet("memory:", { results: "s3://bucket/amc" }), { code: "no_s3" });
});
