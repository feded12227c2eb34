"use strict";

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { Fleet, Credentials, FleetError } = require("./index.cjs");
const { control, instanceId, post, rows } = require("./lib/control.cjs");

const PROGRAM = process.platform === "win32" ? "amc-fleet-emulator.exe" : "amc-fleet-emulator";

/** Where the emulator may be, the likeliest place first; a place that the user names is the only one. */
function places() {
  const { AMC_FLEET_EMULATOR: named, CARGO_TARGET_DIR: target = join(__dirname, "..", "target") } = process.env;
  if (named) return [named];
  const packed = join(__dirname, "bin", `${process.platform}-${process.arch}`);
  return [packed, join(target, "debug"), join(target, "release")].map((folder) => join(folder, PROGRAM));
}

function program() {
  const found = places().find((place) => existsSync(place));
  if (found) return found;
  throw new FleetError({
    code: "no_emulator",
    kind: "unsupported",
    message: `no emulator at ${places().join(", nor at ")}`,
    hint: "set AMC_FLEET_EMULATOR to the program amc-fleet-emulator",
    instances: [],
    retryable: false,
  });
}

/** `{ partRows: 5 }` as `--part-rows 5`; `true` is a flag alone. */
function flags(options) {
  return Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === false || value === undefined) return [];
    return value === true ? [flag] : [flag, String(value)];
  });
}

/** Amazon Marketing Cloud on localhost, for tests. */
class Emulator {
  #child;
  #stopAtExit = () => this.#child.kill();

  constructor(child, announcement) {
    this.#child = child;
    process.once("exit", this.#stopAtExit);
    this.url = announcement.url;
    this.tokenUrl = announcement.token_url;
    this.accounts = announcement.accounts;
    this.env = {
      AMC_API_URL: announcement.url,
      AMC_TOKEN_URL: announcement.token_url,
      AMC_CLIENT_ID: announcement.client_id,
      AMC_CLIENT_SECRET: announcement.client_secret,
      AMC_REFRESH_TOKEN: announcement.refresh_token,
    };
  }

  get credentials() {
    const { AMC_CLIENT_ID, AMC_CLIENT_SECRET, AMC_REFRESH_TOKEN, AMC_TOKEN_URL } = this.env;
    return Credentials.lwa({
      clientId: AMC_CLIENT_ID,
      clientSecret: AMC_CLIENT_SECRET,
      refreshToken: AMC_REFRESH_TOKEN,
      tokenUrl: AMC_TOKEN_URL,
    });
  }

  async fleet(database = "memory:", options = {}) {
    return Fleet.open(database, { credentials: this.credentials, endpoint: this.url, ...options });
  }

  async executions() {
    return (await control(this.url, "executions")).executions;
  }

  async load(instance, table, data) {
    const loaded = { instance: instanceId(instance), table, ...(await rows(data)) };
    return (await control(this.url, "data", post(loaded))).rows;
  }

  async script(contains, { data, instance, ...answer }) {
    const given = data === undefined ? {} : await rows(data);
    await control(this.url, "results", post({ contains, instance: instanceId(instance), ...answer, ...given }));
  }

  async fail(method, { instance, ...fault }) {
    const planned = { method: method ?? undefined, instance: instanceId(instance), ...fault };
    return (await control(this.url, "faults", post(planned))).id;
  }

  async faults() {
    return (await control(this.url, "faults")).faults;
  }

  async fired(fault) {
    const counted = (await this.faults()).filter(({ id }) => fault === undefined || id === fault);
    return counted.reduce((sum, { fired }) => sum + fired, 0);
  }

  async clearFaults() {
    await control(this.url, "faults", { method: "DELETE" });
  }

  async now() {
    return new Date((await control(this.url, "clock")).now);
  }

  async advance(span) {
    return new Date((await control(this.url, "clock", post({ advance: span }))).now);
  }

  async freeze(frozen = true) {
    await control(this.url, "clock", post({ frozen }));
  }

  async stop() {
    process.off("exit", this.#stopAtExit);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.ref();
    this.#child.kill();
    await ended;
  }

  async [Symbol.asyncDispose]() {
    await this.stop();
  }
}

async function startEmulator(options = {}) {
  const child = spawn(program(), flags({ instances: 3, seed: 7, ...options }), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { RUST_LOG: "warn", ...process.env },
  });
  const announcement = JSON.parse(await firstLine(child));
  // From here on a test that ends must not wait for the emulator.
  for (const handle of [child, child.stdout, child.stderr]) handle.unref();
  return new Emulator(child, announcement);
}

/** The line in which the emulator says where it listens; its last words if it never does. */
async function firstLine(child) {
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-4096)));
  const failed = once(child, "close").then(([status]) => {
    throw new Error(`the emulator ended with ${status}: ${said.trim()}`);
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, "line"), failed]);
  failed.catch(() => {});
  lines.close();
  child.stdout.resume();
  return line;
}

module.exports = { startEmulator, Emulator };
