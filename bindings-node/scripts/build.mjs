// Builds the native half and generated.d.ts: `node scripts/build.mjs [cargo profile]`.
//
// The command `napi build` always names a target triple, which gives it a folder of its own and compiles every
// dependency a second time; this shares the workspace's.

import { generateTypeDef } from "@napi-rs/cli";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { built, cargo, place, root, target } from "./cargo.mjs";

const CRATE = "amc-fleet-node";
const LIBRARY = { linux: "libamc_fleet_node.so", darwin: "libamc_fleet_node.dylib", win32: "amc_fleet_node.dll" };
const FLAVOUR = { linux: "-gnu", darwin: "", win32: "-msvc" };

const profile = process.argv[2] ?? "dev";
const typeDefDir = join(target, "napi-rs", `${CRATE}-${profile}`);

/** The macros write their types as they expand: where those are missing, the crate must be compiled again. */
function force() {
  return existsSync(join(typeDefDir, CRATE)) ? {} : { NAPI_FORCE_BUILD_AMC_FLEET_NODE: String(Date.now()) };
}

/** The flavour of C library this Node runs on is the one the addon is built for. */
function flavour() {
  const isMusl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  return isMusl ? "-musl" : FLAVOUR[process.platform];
}

/** A class as the macros declare it. */
const CLASS = /(?<=^export declare class \w+ \{\n)[^]*?(?=^\})/gm;

/** The members of a class that JavaScript cannot make with `new`: the compiler says so before the program does. */
function unmade(members) {
  return /^ +constructor\(/m.test(members) ? members : `  private constructor()\n${members}`;
}

/** What is left of a comment that went through a macro. */
const RAW = /(?<=^ *(?:\/\*\*|\*) )r" /gm;

await mkdir(typeDefDir, { recursive: true });
cargo(profile, CRATE, { NAPI_TYPE_DEF_TMP_FOLDER: typeDefDir, ...force() });
const { dts } = await generateTypeDef({ typeDefDir, cwd: root, constEnum: false });
await writeFile(join(root, "generated.d.ts"), dts.replace(CLASS, unmade).replace(RAW, ""));

const addon = `amc-fleet.${process.platform}-${process.arch}${flavour()}.node`;
await place(built(profile, LIBRARY[process.platform]), join(root, addon));
