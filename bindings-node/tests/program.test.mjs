import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { emulator, folder, node, repository } from "./support.mjs";

test("the program of the README runs on 50 instances", async (t) => {
  const amc = await emulator(t, { instances: 50, latencyMs: 100 });
  const cwd = await folder(t);
  await copyFile(join(repository, "examples/reach.sql"), join(cwd, "reach.sql"));
  const { status, stdout, stderr } = await node([join(repository, "examples/node/01_batch.mjs")], { cwd, env: amc.env });
  assert.equal(status, 0, stderr);
  const told = stdout.trim().split("\n");
  assert.equal(told.at(0).trim(), "batch_created");
  assert.equal(told.at(-1).trim(), "batch_finished");
  assert.equal(told.filter((line) => /^completed amc\w+$/.test(line)).length, 50);
  const manifest = JSON.parse(await readFile(join(cwd, "reach.csv.manifest.json"), "utf8"));
  assert.equal(manifest.complete, "50 of 50");
  const lines = (await readFile(join(cwd, "reach.csv"), "utf8")).trim().split("\r\n");
  assert.equal(lines[0], "_instance_id,_instance_name,campaign,reach,impressions,cost");
  assert.equal(lines.length, manifest.total_rows + 1);
});

test("the program that asks DuckDB runs", async (t) => {
  const amc = await emulator(t, { instances: 3 });
  const cwd = await folder(t);
  await copyFile(join(repository, "examples/reach.sql"), join(cwd, "reach.sql"));
  const { status, stdout, stderr } = await node([join(repository, "examples/node/03_duckdb.mjs")], { cwd, env: amc.env });
  assert.equal(status, 0, stderr);
  assert.ok(stdout.trim().split("\n").length > 1, stdout);
});
