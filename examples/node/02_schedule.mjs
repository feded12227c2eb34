import { Fleet, Credentials } from "amc-fleet";
import { readFile } from "node:fs/promises";

const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv(), schedules: true });
await fleet.syncInstances();
const workflow = await fleet.saveWorkflow("Reach by campaign", { sql: await readFile("reach.sql", "utf8") });
const report = await fleet.saveReport("Monday report", { workflow, window: "last 7 days", timezone: "Europe/Berlin" });
const schedule = await fleet.schedule(report, "weekly on Monday at 06:00", { pauseAfterFailures: 3 });
console.log(schedule.says);
for (const run of await fleet.nextRuns(schedule, 3)) console.log(run.toISOString());
await (await fleet.runReport(report)).wait(); // the first one at once
console.log((await fleet.reports())[0].lastStatus, await fleet.overdue());
await fleet.close();
