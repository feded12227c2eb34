"use strict";

const { FleetError } = require("./errors.cjs");

/** The package apache-arrow, which a user installs beside this one. */
async function apacheArrow() {
  try {
    return await import("apache-arrow");
  } catch (cause) {
    throw new FleetError({
      code: "no_apache_arrow",
      kind: "unsupported",
      message: "an Arrow table needs the package apache-arrow",
      hint: "npm install apache-arrow, or do without: rows() and CSV need no package",
      causes: [cause.message],
      instances: [],
      retryable: false,
    });
  }
}

/** Reads an Arrow IPC stream as one table. */
async function table(chunks) {
  const { tableFromIPC } = await apacheArrow();
  return tableFromIPC(chunks);
}

/** Writes a table as one Arrow IPC stream. */
async function tableBytes(table) {
  const { tableToIPC } = await apacheArrow();
  return tableToIPC(table, "stream");
}

module.exports = { table, tableBytes };
