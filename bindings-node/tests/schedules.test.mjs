// Next runs, plain words and segments: the table every language answers alike, and the types Node gives.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { describe, nextRuns, segments } from "amc-fleet";
import { repository } from "./support.mjs";

const table = JSON.parse(await readFile(join(repository, "tests/tables/schedules.json"), "utf8"));

const instant = (date) => date.toISOString().replace(".000Z", "Z");
const VERBS = {
  next_runs: {
    call: (it) => nextRuns(it.expression, it.timezone, new Date(it.after), it.count).map(instant),
    wanted: "runs",
  },
  describe: { call: (it) => describe(it.expression), wanted: "says" },
  segments: {
    call: (it) =>
      segments(it.start, it.end, it.segment_type, it.timezone, it.partial).map(({ start, end, name, isPartial }) => ({
        start: instant(start),
        end: instant(end),
        name,
        is_partial: isPartial,
      })),
    wanted: "segments",
  },
};

for (const [verb, { call, wanted }] of Object.entries(VERBS)) {
  for (const it of table[verb]) {
    test(`${verb} ${Object.values(it).slice(0, 4).join(" ")}`, () => {
      if (!it.error) return assert.deepEqual(call(it), it[wanted]);
      assert.throws(() => call(it), { name: "FleetError", code: it.error, ...(it.column && { column: it.column }) });
    });
  }
}

test("runs are dates strictly after", () => {
  const after = new Date("2026-01-01T00:00:00Z");
  const [run] = nextRuns("daily", "UTC", after, 1);
  assert.ok(run instanceof Date && run > after);
});

test("an after that is no date is refused", () => {
  for (const after of [new Date(NaN), "2026-01-01T00:00:00", undefined]) {
    assert.throws(() => nextRuns("daily", "UTC", after, 1), { name: "FleetError", kind: "invalid_input" });
  }
});

test("days are dates or text", () => {
  const text = segments("2026-01-05", "2026-01-12", "weekly", "Europe/Berlin");
  assert.deepEqual(segments(new Date("2026-01-05"), new Date("2026-01-12"), "weekly", "Europe/Berlin"), text);
  assert.throws(() => segments(new Date("2026-01-05T01:00Z"), "2026-01-12", "daily", "UTC"), { code: "date_invalid" });
});
