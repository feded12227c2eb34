// What handing 1,000,000 rows over to apache-arrow adds to the merge that reads them; one JSON line: `node scripts/bench.mjs`.
// The merge is the time in which every row is read, merged and let go. What a table costs is what it takes longer.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "amc-fleet/testing";

const [ROWS, INSTANCES, ROUNDS] = [1_000_000, 50, 7];
const sql = "SELECT campaign, SUM(impressions) AS impressions, COUNT(user_id) AS reach FROM dsp_impressions GROUP BY campaign";

const amc = await startEmulator({ instances: INSTANCES, rows: ROWS / INSTANCES });
// In a file: what is kept in memory needs no reading.
const folder = await mkdtemp(join(tmpdir(), "amc-fleet-bench-"));
const fleet = await amc.fleet(join(folder, "fleet.db"));
await fleet.syncInstances();
const batch = await fleet.runBatch(null, { sql, instances: "all", window: "last 30 days" });
await batch.wait();
const results = await batch.results();

async function milliseconds(call) {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

const calls = { merge: () => results.drain(), "apache-arrow": () => results.toArrow() };
const best = { merge: Infinity, "apache-arrow": Infinity };
// In turns, so that whatever else the machine does strikes both alike; the best of each counts.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, call] of Object.entries(calls)) best[name] = Math.min(best[name], await milliseconds(call));
}
const added = Math.round(1000 * (best["apache-arrow"] / best.merge - 1)) / 10;
console.log(
  JSON.stringify({ rows: results.totalRows, merge_ms: Math.round(best.merge), arrow_ms: Math.round(best["apache-arrow"]), arrow_adds_percent: added }),
);
await fleet.close();
await amc.stop();
await rm(folder, { recursive: true });
