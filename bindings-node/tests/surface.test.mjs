// Compares what this package exports with tests/surface.json, the names every language has.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import * as amcFleet from "amc-fleet";
import * as testing from "amc-fleet/testing";
import { camel } from "./names.mjs";
import { repository } from "./support.mjs";

/** Methods that `index.cjs` builds others on, and one for the bench; no declaration names them. */
const HIDDEN = ["openingNotice", "closingNotice", "nextEvents", "ipcChunks", "fileChunks", "rowPages", "jsonPage", "drain"];
/** Static methods that other languages spell as a constructor. */
const OPENING = ["open"];
/** The names of functions that differ, as `emulator()` is what a context manager is called. */
const SPELT = { emulator: "startEmulator" };

const surface = JSON.parse(await readFile(join(repository, "tests/surface.json"), "utf8"));

/** What a class offers: its methods, its getters and its static methods. */
function members(type) {
  const without = (owner, usual) => Object.getOwnPropertyNames(owner).filter((name) => !usual.includes(name));
  const own = without(type.prototype, ["constructor", ...HIDDEN]);
  return [...own, ...without(type, ["length", "name", "prototype", "arguments", "caller", ...OPENING])];
}

for (const name of ["Fleet", "Batch", "Results", "Credentials"]) {
  test(`${name} has the methods it has everywhere, and those only Node has`, () => {
    const expected = [...surface[name], ...(surface.only.node[name] ?? [])];
    assert.deepEqual(members(amcFleet[name]).sort(), expected.map(camel).sort());
  });
}

test("functions are there under their names", () => {
  for (const name of surface.functions) {
    assert.equal(typeof { ...amcFleet, ...testing }[SPELT[name] ?? camel(name)], "function", name);
  }
});

test("every class of error has its kind", () => {
  const kinds = createRequire(import.meta.url)("../lib/native.cjs").errorKinds();
  const named = surface.errors.map((name) => name.replace(/Error$/, "").replace(/^RemoteTimeout$/, "Timeout"));
  const spelt = kinds.map((kind) => camel(`_${kind}`)).filter((kind) => kind !== "Unexpected");
  assert.deepEqual(named.sort(), spelt.sort());
});
