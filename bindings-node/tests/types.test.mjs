import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";
import * as amcFleet from "amc-fleet";
import { node, repository } from "./support.mjs";

const require = createRequire(import.meta.url);
const root = join(repository, "bindings-node");
const declared = await readFile(join(root, "index.d.ts"), "utf8");

test("the examples and the declarations pass the strict compiler", async () => {
  const tsc = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
  const { status, stdout, stderr } = await node([tsc, "--project", join(root, "tests/tsconfig.json")]);
  assert.equal(status, 0, stdout + stderr);
});

test("every kind of error is declared", () => {
  const [, union] = declared.match(/export type ErrorKind =([^;]+);/);
  const kinds = union.match(/\w+/g);
  assert.deepEqual(kinds, require("../lib/native.cjs").errorKinds());
});

test("what is exported is declared", async () => {
  for (const name of Object.keys(amcFleet).filter((name) => name !== "default")) {
    assert.match(declared, new RegExp(`\\b${name}\\b`));
  }
});

test("every public method is documented with an example", async () => {
  const all = declared + (await readFile(join(root, "generated.d.ts"), "utf8"));
  const bare = [];
  for (const [name, type] of Object.entries(amcFleet).filter(([name]) => /^(Fleet|Batch|Results|Credentials)$/.test(name))) {
    const own = [...Object.getOwnPropertyNames(type.prototype), ...Object.keys(Object.getOwnPropertyDescriptors(type))];
    const methods = own.filter((method) => new RegExp(`^ +(static |get )?${method}[<(]`, "m").test(all) && method !== "constructor");
    assert.ok(methods.length > 0, name);
    const documented = (method) => new RegExp(`\`\`\`\\n +\\*/\\n +(static |get )?${method}[<(]`).test(all);
    bare.push(...methods.filter((method) => !documented(method)).map((method) => `${name}.${method}`));
  }
  assert.deepEqual(bare, []);
});
