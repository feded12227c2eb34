// What the declarations promise; it is compiled and never run.

import { AbortError, type BatchEvent, Credentials, Fleet, FleetError, type Instance, type Row, onLog, version } from "amc-fleet";
import { type Emulator, startEmulator } from "amc-fleet/testing";

async function program(signal: AbortSignal): Promise<string> {
  await using emulator: Emulator = await startEmulator({ instances: 3, seed: 7, latencyMs: 10, frozen: true });
  await using fleet = await Fleet.open(undefined, { credentials: { eu: Credentials.fromEnv() }, worker: "auto" });
  const instances: Instance[] = await fleet.instances();
  const batch = await fleet.runBatch(null, { sql: "SELECT 1", instances, parameters: { day: "2025-09-01", top: 10 } });
  for await (const event of batch.events({ after: 0, signal })) tell(event);
  const [same] = await fleet.batches({ status: "running" });
  await using other = await Fleet.open(new URL("file:///tmp/fleet.db"), { credentials: async () => Credentials.fromEnv() });
  console.log(same?.id, other.database);
  const report = await batch.wait({ timeout: 1, raiseOnFailure: false, signal });
  const status: "pending" | "running" | "completed" | "partial" | "failed" | "cancelled" = report.status;
  const results = await batch.results({ missing: "include" });
  for await (const row of results.rows({ bigint: "string" })) texts(row);
  for await (const chunk of results) chunk.byteLength satisfies number;
  const [first] = await results.head(1);
  const cell: string | number | boolean | bigint | null | undefined = first?.["reach"];
  onLog((record) => console.log(record.level, record.message), "debug");
  onLog(null);
  return [status, String(cell), (await results.toArrow()).numRows, emulator.url, version].join();
}

function tell(event: BatchEvent): void {
  console.log(event.kind, event.instanceId ?? "", event.at.toISOString());
}

function texts(row: Row<"string">): void {
  // @ts-expect-error A row of texts holds no bigint.
  const cell: bigint = row["reach"];
  console.log(cell);
}

async function wrong(fleet: Fleet): Promise<void> {
  // @ts-expect-error A fleet is opened.
  new Fleet();
  // @ts-expect-error Instances are always named.
  await fleet.runBatch("wf_00000000", { window: "last 7 days" });
  // @ts-expect-error There is no such choice.
  await fleet.runBatch("wf_00000000", { instances: "all", onUnavailable: "ignore" });
}

function explain(error: unknown): string {
  if (error instanceof AbortError) return error.code satisfies "ABORT_ERR";
  if (error instanceof FleetError) return [error.code, error.kind, error.hint, error.line, error.instances.length].join();
  throw error;
}

export { program, wrong, explain };
