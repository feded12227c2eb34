// What several tests need: a folder of their own, an emulator, a program in a process of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "amc-fleet/testing";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A query the canned emulator answers with a few rows an instance. */
export const SQL = "SELECT campaign, COUNT(DISTINCT user_id) AS reach, SUM(total_cost) AS cost FROM dsp_impressions GROUP BY campaign";

/** A folder that goes when the test ends. */
export async function folder(test) {
  const path = await mkdtemp(join(tmpdir(), "amc-fleet-"));
  test.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** An emulator that stops when the test ends. */
export async function emulator(test, options) {
  const started = await startEmulator({ rows: 20, latencyMs: 20, ...options });
  test.after(() => started.stop());
  return started;
}

/** A fleet with its instances known, closed when the test ends. */
export async function syncedFleet(test, amc, database = "memory:", options = {}) {
  const fleet = await amc.fleet(database, options);
  test.after(() => fleet.close());
  await fleet.syncInstances();
  return fleet;
}

/** Runs Node and gives its status, output and last words; it is killed after a minute. */
export async function node(args, { env = {}, cwd } = {}) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env }, timeout: 60_000 });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [status, signal] = await new Promise((resolve) => child.once("close", (...ended) => resolve(ended)));
  return { status, signal, stdout, stderr };
}
