// Builds the native half and generated.d.ts: `node scripts/build.mjs [cargo profile]`.
//
// The command `napi build` always names a target triple, which gives it a folder of its own and compiles every
// dependency a second time; this shares the workspace's.

import { generateTypeDef } from "@napi-rs/cli";
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";

const CRATE = "amc-fleet-node";
const LIBRARY = { linux: "libamc_fleet_node.so", darwin: "libamc_fleet_node.dylib", win32: "amc_fleet_node.dll" };
const FLAVOUR = { linux: "-gnu", darwin: "", win32: "-msvc" };

const root = join(import.meta.dirname, "..");
const profile = process.argv[2] ?? "dev";
const target = process.env.CARGO_TARGET_DIR ?? join(root, "..", "target");
const typeDefDir = join(target, "napi-rs", `${CRATE}-${profile}`);

/** The macros write their types as they expand: where those are missing, the crate must be compiled again. */
function force() {
  return existsSync(join(typeDefDir, CRATE)) ? {} : { NAPI_FORCE_BUILD_AMC_FLEET_NODE: String(Date.now()) };
}

function cargo(...args) {
  const env = { ...process.env, NAPI_TYPE_DEF_TMP_FOLDER: typeDefDir, ...force() };
  execFileSync("cargo", ["build", "--profile", profile, ...args], { cwd: root, env, stdio: "inherit" });
}

/** The flavour of C library this Node runs on is the one the addon is built for. */
function flavour() {
  const isMusl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
  return isMusl ? "-musl" : FLAVOUR[process.platform];
}

await mkdir(typeDefDir, { recursive: true });
cargo("-p", CRATE);
const { dts } = await generateTypeDef({ typeDefDir, cwd: root, constEnum: false });
await writeFile(join(root, "generated.d.ts"), dts);

const built = join(target, profile === "dev" ? "debug" : profile, LIBRARY[process.platform]);
const addon = join(root, `amc-fleet.${process.platform}-${process.arch}${flavour()}.node`);
// A file of its own: overwriting one that a process has loaded would crash that process.
await rm(addon, { force: true });
await copyFile(built, addon);
