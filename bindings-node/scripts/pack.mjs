// Packs amc-fleet-<version>.tgz with the addon and the emulator of this machine inside:
// `node scripts/pack.mjs [cargo profile] [folder]`, after `make kit` and build.mjs with the same profile.

import { execFileSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { built, place, root } from "./cargo.mjs";

const EMULATOR = process.platform === "win32" ? "amc-fleet-emulator.exe" : "amc-fleet-emulator";

const profile = process.argv[2] ?? "release";
const dist = resolve(process.argv[3] ?? join(root, "..", "dist"));
const bin = join(root, "bin");

await place(built(profile, EMULATOR), join(bin, `${process.platform}-${process.arch}`, EMULATOR));
await mkdir(dist, { recursive: true });
execFileSync("npm", ["pack", "--pack-destination", dist], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
// Left there it would hide a newer emulator from the tests.
await rm(bin, { recursive: true });
