import { Fleet, Credentials } from "amc-fleet";
import { readFile } from "node:fs/promises";

const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv() });
await fleet.syncInstances();
const workflow = await fleet.saveWorkflow("Reach by campaign", { sql: await readFile("reach.sql", "utf8") });
const batch = await fleet.runBatch(workflow, { instances: await fleet.instances(), window: "last 30 days" });
for await (const event of batch.events()) console.log(event.kind, event.instanceId ?? "");
const results = await batch.results();
await results.writeCsv("reach.csv");
await fleet.close();
