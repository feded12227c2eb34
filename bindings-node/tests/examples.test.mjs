// Every example of every declaration runs as it stands: `console.log(…); // text` prints that text.

import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { RecordBatchReader } from "apache-arrow";
import * as amcFleet from "amc-fleet";
import { startEmulator } from "amc-fleet/testing";
import { emulator, folder, repository } from "./support.mjs";

const AsyncFunction = (async () => {}).constructor;
const { Credentials, Fleet, distinct, onLog } = amcFleet;

/** The examples of a file of declarations, each with what it declares. */
async function examples(file) {
  const text = await readFile(join(repository, "bindings-node", file), "utf8");
  const found = text.matchAll(/```js\n([^]*?) *\* ```[^]*?\*\/\s*([^\n]*)/g);
  return [...found].map(([, code, declared]) => ({ name: `${file}: ${declared}`, code: code.replace(/^ *\* ?/gm, "") }));
}

/** What an example says it prints. */
function promised(code) {
  return [...code.matchAll(/console\.log\(.*?\);?\)?;?\s*\/\/ (.+)$/gm)].map(([, text]) => text);
}

/** Runs an example where `world` is in scope, and gives the lines it prints. */
async function run(code, world) {
  const printed = [];
  const show = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  const console = { log: (...values) => printed.push(values.map(show).join(" ")), warn() {}, error() {}, table() {} };
  const names = { ...world, console };
  // Node 20 knows no `using`: the example declares, and the end of the scope is written out.
  const scope = [...code.matchAll(/await using (\w+)/g)].map(([, name]) => `await ${name}[Symbol.asyncDispose]();`);
  const body = `{ ${code.replaceAll("await using", "const")}\n${scope.join("\n")} }`;
  await new AsyncFunction(...Object.keys(names), body)(...Object.values(names));
  return printed;
}

async function check({ code }, world) {
  const printed = await run(code, world);
  const wanted = promised(code);
  if (wanted.length > 0) assert.deepEqual(printed, wanted, code);
}

/** The environment and the folder of a program that uses an emulator. */
async function inside(t, amc) {
  const [cwd, env] = [process.cwd(), { ...process.env }];
  const place = await folder(t);
  await copyFile(join(repository, "examples/reach.sql"), join(place, "reach.sql"));
  process.chdir(place);
  Object.assign(process.env, amc.env);
  t.after(() => {
    process.chdir(cwd);
    process.env = env;
  });
  return readFile("reach.sql", "utf8");
}

test("the examples of the package", async (t) => {
  const amc = await emulator(t);
  const sql = await inside(t, amc);
  const { AMC_CLIENT_ID: clientId, AMC_CLIENT_SECRET: clientSecret, AMC_REFRESH_TOKEN: refreshToken } = amc.env;
  const credentials = Credentials.fromEnv();
  const open = () => Fleet.open("sqlite://fleet.db", { credentials });
  const first = await open();
  await first.syncInstances();
  const workflow = await first.saveWorkflow("Reach by campaign", { sql });
  const { id } = await first.runBatch(workflow, { instances: await first.instances(), window: "last 30 days" });
  await (await first.batch(id)).wait();
  await first.close();
  const logger = Object.fromEntries(["error", "warn", "info", "debug", "trace"].map((level) => [level, () => {}]));
  const world = { ...amcFleet, RecordBatchReader, clientId, clientSecret, credentials, emulator: amc, logger, readFile, refreshToken, sql, workflow };
  const vault = { read: async () => "Atza|token" };
  const response = { write: (text) => assert.ok(JSON.parse(text)) };
  const all = [...(await examples("generated.d.ts")), ...(await examples("index.d.ts"))];
  assert.ok(all.length > 35, `${all.length} examples`);
  for (const example of all) {
    await t.test(example.name, async () => {
      const fleet = await open();
      const batch = await fleet.batch(id);
      const results = await batch.results();
      try {
        await fleet.saveWorkflow("Reach by campaign", { sql });
        await check(example, { ...world, fleet, batch, results, vault, response });
      } finally {
        onLog(null);
        await fleet.close();
      }
    });
  }
});

test("the examples of the emulator", async (t) => {
  const all = await examples("testing.d.ts");
  assert.ok(all.length > 12, `${all.length} examples`);
  for (const example of all) {
    await t.test(example.name, async (t) => check(example, { emulator: await emulator(t), startEmulator }));
  }
});
