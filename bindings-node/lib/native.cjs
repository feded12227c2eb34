"use strict";

const { join } = require("node:path");

/** The C libraries and compilers a build can be for, in the order in which they are tried. */
const FLAVOURS = { linux: ["-gnu", "-musl"], win32: ["-msvc"], darwin: [""] };

/** Loads the native half that fits this machine. */
function load() {
  const { platform, arch } = process;
  const names = (FLAVOURS[platform] ?? [""]).map((flavour) => `amc-fleet.${platform}-${arch}${flavour}.node`);
  const failures = [];
  for (const name of names) {
    try {
      return require(join(__dirname, "..", name));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error(`amc-fleet has no native half that loads here: ${names.join(", ")}`, {
    cause: new AggregateError(failures, failures.map((failure) => failure.message).join("; ")),
  });
}

module.exports = load();
