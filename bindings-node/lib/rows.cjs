"use strict";

const { FleetError } = require("./errors.cjs");

/** What a 64-bit whole number can become. */
const LONGS = { bigint: BigInt, string: String, number: Number };

const asIs = (cell) => cell;

/** How the cells of each form leave JSON; a form that is not here is as it was written. */
function readers(bigint = "bigint") {
  if (!Object.hasOwn(LONGS, bigint)) {
    throw new FleetError({
      code: "unknown_bigint",
      kind: "invalid_input",
      message: `bigint = '${bigint}' means nothing`,
      hint: `one of ${Object.keys(LONGS).join(", ")}`,
      instances: [],
      retryable: false,
    });
  }
  return { long: LONGS[bigint], double: Number };
}

/**
 * Makes a reader of pages: arrays of cells in, one plain object a row out.
 *
 * @param {{ name: string, form: string }[]} columns
 * @param {{ bigint?: "bigint" | "string" | "number" }} options
 */
function rowReader(columns, { bigint } = {}) {
  const known = readers(bigint);
  const cells = columns.map(({ name, form }) => ({ name, read: known[form] ?? asIs }));
  const row = (values) => {
    const entries = cells.map(({ name, read }, at) => [name, values[at] === null ? null : read(values[at])]);
    return Object.fromEntries(entries);
  };
  return (page) => JSON.parse(page).map(row);
}

module.exports = { rowReader };
