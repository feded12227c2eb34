// Runs tests/scenarios/*.json, which every language runs: one verb a step, results as plain snake_case JSON.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { FleetError } from "amc-fleet";
import { camelOptions, snakeKeys } from "./names.mjs";
import { emulator, folder, repository } from "./support.mjs";

/** What each verb calls, and how its result reads as plain data. */
const VERBS = {
  sync_instances: { call: ({ fleet }) => fleet.syncInstances() },
  instances: { call: ({ fleet }) => fleet.instances() },
  all_instances: { call: ({ fleet }) => fleet.allInstances() },
  save_workflow: { call: ({ fleet }, { name, ...options }) => fleet.saveWorkflow(name, options) },
  workflow: { call: ({ fleet }, { idOrName }) => fleet.workflow(idOrName) },
  archive_workflow: { call: ({ fleet }, { idOrName }) => fleet.archiveWorkflow(idOrName), plain: () => ({}) },
  save_template: { call: ({ fleet }, { template, note }) => fleet.saveTemplate(template, note) },
  template: { call: ({ fleet }, { idOrName }) => fleet.template(idOrName) },
  template_versions: { call: ({ fleet }, { idOrName }) => fleet.templateVersions(idOrName) },
  templates: { call: ({ fleet }, options) => fleet.templates(options) },
  deprecate_template: { call: ({ fleet }, { idOrName, why }) => fleet.deprecateTemplate(idOrName, why) },
  restore_template: { call: ({ fleet }, { idOrName }) => fleet.restoreTemplate(idOrName) },
  template_usage: { call: ({ fleet }, { idOrName }) => fleet.templateUsage(idOrName) },
  use_template: { call: ({ fleet }, { template, name }) => fleet.useTemplate(template, name) },
  save_as_template: { call: ({ fleet }, { workflow, ...options }) => fleet.saveAsTemplate(workflow, options) },
  add_account: { call: ({ fleet }, options) => fleet.addAccount(options) },
  amc_workflows: { call: ({ fleet }, { instance }) => fleet.amcWorkflows(instance) },
  amc_workflow: { call: ({ fleet }, { instance, workflowId }) => fleet.amcWorkflow(instance, workflowId) },
  create_amc_workflow: {
    call: ({ fleet }, { instance, ...workflow }) => fleet.createAmcWorkflow(instance, workflow),
    plain: () => ({}),
  },
  update_amc_workflow: {
    call: ({ fleet }, { instance, ...workflow }) => fleet.updateAmcWorkflow(instance, workflow),
    plain: () => ({}),
  },
  delete_amc_workflow: {
    call: ({ fleet }, { instance, workflowId }) => fleet.deleteAmcWorkflow(instance, workflowId),
    plain: () => ({}),
  },
  update_instance: { call: ({ fleet }, { instance, ...options }) => fleet.updateInstance(instance, options) },
  import_profiles: { call: ({ fleet }, { table }) => fleet.importProfiles(table) },
  plan: { call: ({ fleet }, { workflow, ...options }) => fleet.plan(workflow, options) },
  preview: { call: ({ fleet }, { workflow, ...options }) => fleet.preview(workflow, options) },
  lint: { call: ({ fleet }, { sql, instance }) => fleet.lint(sql, null, null, instance) },
  run_batch: { call: ({ fleet }, { workflow, ...options }) => fleet.runBatch(workflow, options), plain: handle },
  batch: { call: ({ fleet }, { idOrKey }) => fleet.batch(idOrKey), plain: handle },
  batches: { call: ({ fleet }, options) => fleet.batches(options), plain: (batches) => batches.map(handle) },
  save_report: { call: ({ fleet }, { name, ...options }) => fleet.saveReport(name, options) },
  reports: { call: ({ fleet }, options) => fleet.reports(options) },
  deactivate_report: { call: ({ fleet }, { report }) => fleet.deactivateReport(report), plain: () => ({}) },
  run_report: { call: ({ fleet }, { report, ...options }) => fleet.runReport(report, options), plain: handle },
  schedule: {
    call: ({ fleet }, { report, expression, ...options }) => fleet.schedule(report, expression, options),
  },
  schedules: { call: ({ fleet }, { report }) => fleet.schedules(report) },
  pause: { call: ({ fleet }, { schedule, note }) => fleet.pause(schedule, note), plain: () => ({}) },
  resume: { call: ({ fleet }, { schedule }) => fleet.resume(schedule), plain: () => ({}) },
  archive_schedule: { call: ({ fleet }, { schedule }) => fleet.archiveSchedule(schedule), plain: () => ({}) },
  ticks: { call: ({ fleet }, { schedule }) => fleet.ticks(schedule) },
  fire: { call: ({ fleet }, { schedule, nominalAt }) => fleet.fire(schedule, nominalAt) },
  overdue: { call: ({ fleet }) => fleet.overdue() },
  plan_backfill: { call: ({ fleet }, { report, ...options }) => fleet.planBackfill(report, options) },
  backfill: { call: ({ fleet }, { report, ...options }) => fleet.backfill(report, options) },
  wait_backfill: { call: ({ fleet }, { backfill }) => fleet.waitBackfill(backfill) },
  backfill_segments: { call: ({ fleet }, { backfill }) => fleet.backfillSegments(backfill) },
  dataset: { call: ({ fleet }, { report, start, end, ...options }) => fleet.dataset(report, start, end, options), plain: table },
  trace: { call: ({ fleet }, { executionId }) => fleet.trace(executionId) },
  verify: { call: ({ fleet }) => fleet.verify() },
  find_executions: { call: ({ fleet }, options) => fleet.executions(options) },
  workflows: { call: ({ fleet }, options) => fleet.workflows(options) },
  workflow_history: { call: ({ fleet }, { workflow, since }) => fleet.workflowHistory(workflow, since) },
  report_history: { call: ({ fleet }, { report, since }) => fleet.reportHistory(report, since) },
  duplicate_workflow: { call: ({ fleet }, { workflow, name }) => fleet.duplicateWorkflow(workflow, name) },
  duplicate_report: { call: ({ fleet }, { report, name }) => fleet.duplicateReport(report, name) },
  export_definitions: { call: ({ fleet }) => fleet.exportDefinitions() },
  import_definitions: { call: ({ fleet }, { document }) => fleet.importDefinitions(document) },
  delete_batches: { call: ({ fleet }, { batches }) => fleet.deleteBatches(batches) },
  apply_retention: { call: ({ fleet }, { keepDays }) => fleet.applyRetention(keepDays) },
  reopen: { call: reopen, plain: () => ({}) },
  wait: { call: (_, options, batch) => batch.wait(options) },
  status: { call: (_, options, batch) => batch.status() },
  results: { call: (_, options, batch) => batch.results(options), plain: (results) => results.summary },
  roll_up: {
    call: async (_, { missing, ...asked }, batch) => (await batch.results({ missing })).rollUp(asked),
    plain: table,
  },
  events: { call: (_, options, batch) => collect(batch.events(options)) },
  retry: { call: (_, options, batch) => batch.retry(options) },
  cancel: { call: (_, options, batch) => batch.cancel() },
  cancel_execution: { call: ({ fleet }, { executionId }) => fleet.cancelExecution(executionId) },
  cancel_all: { call: ({ fleet }) => fleet.cancelAll() },
  attempts: { call: ({ fleet }, { executionId }) => fleet.attempts(executionId) },
  executions: { call: ({ amc }) => amc.executions() },
  script: { call: ({ amc }, { contains, ...answer }) => amc.script(contains, answer), plain: () => ({}) },
  csv: { call: csvLines, plain: (lines) => ({ lines }) },
};

/** The lines of the CSV file, without the two columns that say of which instance they are. */
async function csvLines({ folder }, { filter, sort, ...options }, batch) {
  let results = await batch.results(options);
  if (filter) results = await results.filter(filter);
  if (sort) results = await results.sort(sort.by, sort);
  const { path } = await results.writeCsv(join(folder, "rows.csv"));
  const lines = (await readFile(path, "utf8")).split("\r\n").slice(0, -1);
  return lines.map((line) => line.split(",").slice(2).join(","));
}

function table({ summary, columns }) {
  return { ...summary, columns: columns.map(({ name }) => name) };
}

function handle({ id, name, skipped }) {
  return { id, name, skipped };
}

async function reopen(world) {
  await world.fleet.close();
  world.fleet = await world.open();
}

async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What a path such as `instances[0].row_count` leads to; a list has a `length`. */
function at(value, path) {
  const names = path.match(/[^.[\]]+/g) ?? [];
  return names.reduce((found, name) => found?.[name], value);
}

/** The same arguments with every `$name.path` replaced by what it names. */
function resolve(value, known) {
  if (typeof value === "string" && value.startsWith("$")) {
    const [, name, path] = value.match(/^\$(\w+)(.*)$/);
    assert.ok(name in known, `${value} names nothing`);
    return at(known[name].plain, path);
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, known));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, known)]));
}

async function run(step, world) {
  const verb = VERBS[step.call];
  assert.ok(verb, `no verb ${step.call}`);
  const options = camelOptions(resolve(step.args ?? {}, world.known));
  const raw = await verb.call(world, options, world.known[step.on?.slice(1)]?.raw);
  const plain = snakeKeys((verb.plain ?? ((value) => value))(raw));
  if (step.as) world.known[step.as] = { raw, plain };
  return plain;
}

async function check(step, world) {
  if (step.error) {
    await assert.rejects(run(step, world), (error) => {
      assert.ok(error instanceof FleetError, error.stack);
      assert.deepEqual(Object.fromEntries(Object.keys(step.error).map((name) => [name, error[name]])), step.error);
      return true;
    });
    return;
  }
  const plain = await run(step, world);
  for (const [path, expected] of Object.entries(step.expect ?? {})) {
    assert.deepEqual(at(plain, path) ?? null, resolve(expected, world.known), `${path} of ${JSON.stringify(plain)}`);
  }
}

/** The emulator's own flags as options: `["--rows", "20"]` as `{ rows: "20" }`. */
function flags(list) {
  const pairs = list.join(" ").split(/(?:^| )--/).slice(1).map((flag) => flag.split(" "));
  return camelOptions(Object.fromEntries(pairs.map(([name, value]) => [name.replaceAll("-", "_"), value ?? true])));
}

const scenarios = join(repository, "tests/scenarios");
const files = (await readdir(scenarios)).filter((file) => file.endsWith(".json"));

test("there are scenarios", () => assert.notEqual(files.length, 0));

for (const file of files) {
  const scenario = JSON.parse(await readFile(join(scenarios, file), "utf8"));
  test(`${scenario.name}: ${scenario.about}`, async (t) => {
    const amc = await emulator(t, flags(scenario.emulator ?? []));
    const own = await folder(t);
    const database = join(own, "fleet.db");
    const open = () => amc.fleet(database);
    const world = { amc, open, folder: own, fleet: await open(), known: {} };
    t.after(() => world.fleet.close());
    for (const [number, step] of scenario.steps.entries()) {
      await t.test(`${number + 1} ${step.call}`, () => check(step, world));
    }
  });
}
