// The functions that need no fleet answer as everywhere: tests/functions/*.json.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import * as amcFleet from "amc-fleet";
import { camel } from "./names.mjs";
import { repository } from "./support.mjs";

/** How the arguments by name are given here. */
const CALLS = {
  render: ({ sql, parameters, declarations, prefer_native: preferNative, literal_dialect: literalDialect }) =>
    amcFleet.render(sql, parameters, declarations, { preferNative, literalDialect }),
  lint: ({ sql, data_sources: dataSources, declarations }) => amcFleet.lint(sql, dataSources, declarations),
  infer_parameters: ({ sql }) => amcFleet.inferParameters(sql),
  resolve_window: ({ expression, now, timezone }) => amcFleet.resolveWindow(expression, now, timezone),
  parameter_schema: ({ declarations }) => amcFleet.parameterSchema(declarations),
  parameter_presets: () => amcFleet.parameterPresets(),
};

/** What a path leads to; what is below the first name belongs to the user and keeps its own spelling. */
function at(answer, path) {
  if (path.endsWith("codes")) return at(answer, path.replace(/\.?codes$/, "")).map(({ code }) => code);
  const [first, ...rest] = path.match(/[^.[\]]+/g) ?? [];
  if (first === undefined) return answer;
  return rest.reduce((found, name) => found?.[name], answer[camel(first)]);
}

const folder = join(repository, "tests/functions");
const files = (await readdir(folder)).filter((file) => file.endsWith(".json"));
let number = 0;

for (const file of files) {
  const { name, about, cases } = JSON.parse(await readFile(join(folder, file), "utf8"));
  number += cases.length;
  test(`${name}: ${about}`, () => {
    for (const { call, args, expect, error } of cases) {
      const shown = JSON.stringify({ call, args });
      if (error) {
        assert.throws(
          () => CALLS[call](args),
          (thrown) => {
            const told = Object.fromEntries(Object.keys(error).map((field) => [field, thrown[field]]));
            assert.deepEqual(told, error, shown);
            return thrown instanceof amcFleet.FleetError;
          },
        );
        continue;
      }
      const answer = CALLS[call](args);
      for (const [path, wanted] of Object.entries(expect)) assert.deepEqual(at(answer, path), wanted, `${shown} ${path}`);
    }
  });
}

test("there are cases", () => assert.ok(number > 200));

test("a moment may be a Date", () => {
  assert.equal(amcFleet.resolveWindow("yesterday", new Date("2025-10-01T06:00:00Z")).name, "30 Sep 2025");
});
