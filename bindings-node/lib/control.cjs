"use strict";

const { FleetError, convertErrors } = require("./errors.cjs");
const native = require("./native.cjs");
const { tableBytes } = require("./arrow.cjs");

const { ipcAsJson } = convertErrors({ ipcAsJson: native.ipcAsJson });

/** Sends a request to `/_emulator`; what the emulator does not take rejects with its own words. */
async function control(url, path, init) {
  const response = await fetch(new URL(`/_emulator/${path}`, url), init);
  const told = await response.json();
  if (response.ok) return told;
  throw new FleetError({
    code: "emulator_refused",
    kind: "invalid_input",
    message: told.error,
    hint: "see the emulator's README",
    instances: [],
    retryable: false,
  });
}

/** The init of a request that changes something; a field that is undefined is not sent. */
function post(body) {
  return { method: "POST", body: JSON.stringify(body) };
}

/** Rows as the emulator takes them: CSV as it is, an Arrow table or the bytes of an Arrow IPC stream as plain lists. */
async function rows(data) {
  if (typeof data === "string") return { csv: data };
  return JSON.parse(ipcAsJson(data instanceof Uint8Array ? data : await tableBytes(data)));
}

/** AMC's id of an instance. */
function instanceId(instance) {
  return instance?.instanceId ?? instance ?? undefined;
}

module.exports = { control, post, rows, instanceId };
