"use strict";

const { once } = require("node:events");
const { fileURLToPath } = require("node:url");
const { inspect } = require("node:util");
const { AbortError, FleetError, convertErrors, define } = require("./lib/errors.cjs");
const { detachable } = require("./lib/detach.cjs");
const { rowReader } = require("./lib/rows.cjs");
const { table } = require("./lib/arrow.cjs");
const roles = require("./lib/roles.cjs");

const native = convertErrors(require("./lib/native.cjs"));
const { Fleet, Batch, Results, Credentials, Detach, VERSION, onLog } = native;
const { diffTemplates, readTemplate, starterTemplates, writeTemplate } = native;
const templates = { diffTemplates, readTemplate, starterTemplates, writeTemplate };
const { inferParameters, lint, parameterPresets, parameterSchema, registerPreset, render, resolveWindow } = native;
const { nextRuns, describe, segments } = native;

const { open, migrate } = Fleet;
const { close } = Fleet.prototype;
const { wait, nextEvents } = Batch.prototype;
const { writeCsv } = Results.prototype;

/** Adds methods that JavaScript alone can have, hidden from enumeration as those of a class are. */
function extend(target, methods) {
  for (const name of Reflect.ownKeys(methods)) define(target, name, methods[name]);
}

function notify(line) {
  if (line) process.stderr.write(`amc-fleet: ${line}\n`);
}

/** What a handle shows of itself in a console. */
function show(type, names) {
  const shown = (handle) => Object.fromEntries(names.map((name) => [name, handle[name]]));
  define(type.prototype, inspect.custom, function (_depth, options) {
    return `${type.name} ${inspect(shown(this), options)}`;
  });
}

async function* taken(stream) {
  for (let item = await stream.next(); item !== null; item = await stream.next()) yield item;
}

/** A place as the native half takes it: a file's URL is its path. */
function place(given) {
  return given instanceof URL && given.protocol === "file:" ? fileURLToPath(given) : (given?.href ?? given);
}

/** Options with the credentials that a function gives, where it is a function that was given. */
async function withCredentials(options) {
  const given = options?.credentials;
  return typeof given === "function" ? { ...options, credentials: await given() } : options;
}

extend(Fleet, {
  async open(database, options) {
    const fleet = await open(place(database), await withCredentials(options));
    if (database == null) notify(`the database is ${fleet.database}`);
    notify(await fleet.openingNotice());
    return fleet;
  },

  async migrate(database) {
    return migrate(place(database));
  },
});

extend(Fleet.prototype, {
  async [Symbol.asyncDispose]() {
    try {
      notify(await this.closingNotice());
    } finally {
      await close.call(this);
    }
  },
});

extend(Batch.prototype, {
  async wait({ signal, ...options } = {}) {
    return detachable(Detach, signal, (detach) => wait.call(this, options, detach));
  },

  async *events({ after = 0, signal } = {}) {
    for (;;) {
      const events = await detachable(Detach, signal, (detach) => nextEvents.call(this, after, detach));
      if (events.length === 0) return;
      yield* events;
      after = events.at(-1).sequence;
    }
  },
});

extend(Results.prototype, {
  async *[Symbol.asyncIterator]() {
    yield* taken(await this.ipcChunks());
  },

  async *stream(format = "csv", options) {
    for await (const chunk of taken(await this.fileChunks(format, options))) if (chunk.length > 0) yield chunk;
  },

  async writeTo(writable, format = "csv", options) {
    let bytes = 0;
    for await (const chunk of this.stream(format, options)) {
      bytes += chunk.length;
      if (!writable.write(chunk)) await once(writable, "drain");
    }
    return bytes;
  },

  async toArrow() {
    return table(this);
  },

  async *rows(options) {
    const read = rowReader(this.columns, options);
    for await (const page of taken(await this.rowPages())) yield* read(page);
  },

  async writeCsv(path) {
    return writeCsv.call(this, place(path));
  },

  async head(rows = 10, options) {
    return this.page(0, rows, options);
  },

  async page(offset, rows = 100, options) {
    return rowReader(this.columns, options)(await this.jsonPage(offset, rows));
  },
});

show(Fleet, ["database", "owner", "isWorking"]);
show(Batch, ["id", "name", "skipped"]);
show(Results, ["totalRows", "columns"]);
show(Credentials, ["keys"]);

module.exports = {
  Fleet,
  Batch,
  Results,
  Credentials,
  FleetError,
  AbortError,
  inferParameters,
  lint,
  onLog,
  parameterPresets,
  parameterSchema,
  registerPreset,
  render,
  resolveWindow,
  version: VERSION,
  ...roles,
};
Object.assign(module.exports, templates);
Object.assign(module.exports, { nextRuns, describe, segments });
