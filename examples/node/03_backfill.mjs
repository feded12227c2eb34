import { Fleet, Credentials } from "amc-fleet";
import { readFile } from "node:fs/promises";

const eightWeeks = new Date(Date.now() - 8 * 7 * 24 * 3600 * 1000).toISOString().slice(0, 10);

const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv() });
await fleet.syncInstances();
const workflow = await fleet.saveWorkflow("Reach by campaign", { sql: await readFile("reach.sql", "utf8") });
const report = await fleet.saveReport("Monday report", { workflow, window: "last 7 days", timezone: "Europe/Berlin" });
/** @type {import("amc-fleet").BackfillOptions} */
const range = { instances: (await fleet.instances()).slice(0, 1), start: eightWeeks, segmentType: "weekly" };
console.log((await fleet.planBackfill(report, range)).runs, "runs");
const history = await fleet.backfill(report, range);
console.log((await fleet.waitBackfill(history)).status);
for (const { firstDay, status, amcExecutionId, recordCount } of await fleet.backfillSegments(history))
  console.log(firstDay, status, amcExecutionId, recordCount);
await fleet.close();
