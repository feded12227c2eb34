// A fleet in PostgreSQL, shared by a program that asks and one that works.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { inspect, promisify } from "node:util";
import { Fleet } from "amc-fleet";
import { SQL, emulator, syncedFleet } from "./support.mjs";

/** The URL of an empty database on the server of the tests, which goes when the test ends. */
async function database(test) {
  const { AMC_FLEET_TEST_POSTGRES: server, AMC_FLEET_TEST_POSTGRES_BIN: tools } = process.env;
  assert.ok(server, "AMC_FLEET_TEST_POSTGRES names no server: run the tests under tools/postgres/with, as make does");
  const name = `node_${randomUUID().replaceAll("-", "")}`;
  const run = (tool, ...options) => promisify(execFile)(join(tools, tool), ["--maintenance-db", server, ...options, name]);
  await run("createdb");
  test.after(() => run("dropdb", "--force"));
  return server.slice(0, server.lastIndexOf("/") + 1) + name;
}

test("one fleet asks and another works", async (t) => {
  const [amc, url] = [await emulator(t), await database(t)];
  const client = await syncedFleet(t, amc, url);
  const worker = await amc.fleet(url, { worker: true });
  t.after(() => worker.close());
  assert.deepEqual([client.isWorking, worker.isWorking], [false, true]);
  const instances = await client.instances();
  const batch = await client.runBatch(null, { sql: SQL, instances, window: "last 30 days" });
  const report = await batch.wait();
  assert.equal(report.completedInstances, instances.length);
  assert.equal((await batch.results()).summary.totalRows, 20 * instances.length);
});

test("a password is shown nowhere", async (t) => {
  const url = await database(t);
  const password = url.slice(0, url.lastIndexOf("@")).split(":").at(-1);
  const fleet = await Fleet.open(url);
  t.after(() => fleet.close());
  assert.ok(!inspect(fleet).includes(password) && !fleet.database.includes(password), fleet.database);
  const [login, place] = url.split("@");
  const refused = await Fleet.open(`${login}wrong@${place}`).catch((error) => error);
  assert.equal(refused.code, "database_login_refused");
  assert.ok(!inspect(refused).includes(password));
});

test("migrate makes what opening must not", async (t) => {
  const url = await database(t);
  await assert.rejects(Fleet.open(url, { migrate: "never" }), { code: "migration_needed" });
  await Fleet.migrate(url);
  const fleet = await Fleet.open(url, { migrate: "never" });
  t.after(() => fleet.close());
  assert.deepEqual(await fleet.instances(), []);
});
