import { DuckDBInstance } from "@duckdb/node-api";
import { Fleet, Credentials } from "amc-fleet";
import { readFile } from "node:fs/promises";

const fleet = await Fleet.open("sqlite://fleet.db", { credentials: Credentials.fromEnv() });
await fleet.syncInstances();
const workflow = await fleet.saveWorkflow("Reach by campaign", { sql: await readFile("reach.sql", "utf8") });
const batch = await fleet.runBatch(workflow, { instances: await fleet.instances(), window: "last 30 days" });
await batch.wait();
const results = await batch.results();
await results.write("reach.parquet");
await fleet.close();

const duckdb = await (await DuckDBInstance.create()).connect();
const sql = "SELECT campaign, max(reach) AS largest, sum(cost) AS cost FROM 'reach.parquet' GROUP BY campaign ORDER BY ALL";
for (const row of (await duckdb.runAndReadAll(sql)).getRowObjects()) console.log(row.campaign, String(row.largest));
