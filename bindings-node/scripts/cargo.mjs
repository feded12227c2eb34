// What the scripts here ask of cargo.

import { execFileSync } from "node:child_process";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folder of the npm package. */
export const root = join(import.meta.dirname, "..");

/** Where cargo leaves what it builds. */
export const target = process.env.CARGO_TARGET_DIR ?? join(root, "..", "target");

/** Builds a crate of the workspace. */
export function cargo(profile, crate, env = {}) {
  const options = { cwd: root, env: { ...process.env, ...env }, stdio: "inherit" };
  execFileSync("cargo", ["build", "--profile", profile, "-p", crate], options);
}

/** A file that cargo built. */
export function built(profile, file) {
  return join(target, profile === "dev" ? "debug" : profile, file);
}

/** Puts a file somewhere, as a file of its own: overwriting one that a process has loaded would crash that process. */
export async function place(from, to) {
  await rm(to, { force: true });
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}
